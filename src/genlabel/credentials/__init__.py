"""Credentials: who signs, with which key and certificates, and whether they will be accepted."""
