"""Rule books: named sets of small rules, each with its source."""
