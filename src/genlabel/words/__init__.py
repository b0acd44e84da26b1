"""Words: sentences for people."""
