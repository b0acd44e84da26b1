"""The hard binding of a manifest: do the file's bytes hold to it, and does it hold all that is shown?"""
