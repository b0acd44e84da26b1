"""The directories of TIFF files, read and written."""
