"""What somebody else's reader proposes for a record: what it may see, and what of its answer may count."""
