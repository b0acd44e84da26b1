"""Manifests: from a label to a signed C2PA manifest and back."""
