"""Labels for pictures that a machine made or changed."""
