"""The chunks of PNG files, and the texts in them."""
