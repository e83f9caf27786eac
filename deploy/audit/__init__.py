"""What we are made of: every package, its licence, and whether somebody warns of it."""
