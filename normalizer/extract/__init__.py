"""One small module for each thing that is found in a text."""
