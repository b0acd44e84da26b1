"""Rendering: reports as text for people, JSON for machines and a page to hand on."""
