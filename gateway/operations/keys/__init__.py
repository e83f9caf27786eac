"""Keys: which there are, what lies under them, a new one in front, an old one out."""
