"""The insurer's own website and app."""
