"""The scenario that ``demo --script`` plays in the terminal."""
