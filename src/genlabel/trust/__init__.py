"""Trust: where each anchor came from and what it is for."""
