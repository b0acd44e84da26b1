"""Does a manifest's hard binding hold, and does it bind all that is shown: by our own hashing."""
