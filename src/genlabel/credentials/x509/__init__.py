"""Certificates and keys: profile, chains, files, requests, a development authority."""
