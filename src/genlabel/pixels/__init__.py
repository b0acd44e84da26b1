"""Pixels: the only importer of Pillow."""
