"""Metadata marks: XMP, IIM and Exif, one module each."""
