"""The objects of PDF files and their revisions."""
