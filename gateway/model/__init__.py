"""A language model that reads along: optional, off by default, believed only where the customer's words back it."""
