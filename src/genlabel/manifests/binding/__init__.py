"""The hard binding of a manifest: does the file hold to it, and does it hold all that is shown?"""
