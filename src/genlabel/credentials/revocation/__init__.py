"""Revocation: OCSP answers, read and asked for."""
