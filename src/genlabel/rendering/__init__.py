"""Rendering: a report becomes text, JSON or a page."""
