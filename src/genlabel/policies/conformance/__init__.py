"""C2PA's conformance programme: its asset rubrics as rule books."""
