"""RFC 3161 time-stamps: authorities that are asked, tokens that are read."""
