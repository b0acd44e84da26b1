"""The rules of a manifest's form (C2PA 2.4 §15.6, §15.10, §15.11, §18): none is about change."""
