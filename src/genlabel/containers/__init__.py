"""Containers: where blocks lie in a file and how to change them without touching a pixel."""
