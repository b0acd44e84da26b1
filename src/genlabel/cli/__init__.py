"""The command line: a thin skin that parses, calls the face and renders."""
