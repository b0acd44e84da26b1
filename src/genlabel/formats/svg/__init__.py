"""The markup of SVG files, and the packets in it."""
