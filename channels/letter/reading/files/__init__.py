"""From bytes to sheets: what a file is, whether it may be opened, and its pages as pictures; needs no model."""
