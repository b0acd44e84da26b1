"""The rule books of agencies, of a broadcaster and of the EU; docs/rulebooks.md has the texts."""
