"""``make eval``: how often the normalizer is right, where, and what it gets wrong."""
