"""The segments of JPEG files, and what is kept in them."""
