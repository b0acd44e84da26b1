"""The visible label: words drawn on a picture, and what of them can be read afterwards."""
