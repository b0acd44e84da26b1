"""Signing: what is there is settled, composed, sealed, read back, and only then given."""
