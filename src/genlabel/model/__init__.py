"""Values: a label, the parties it names, a report and its words; nothing here reads a file."""
