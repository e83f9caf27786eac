"""Readiness and metrics tell the truth in each fault, and stop telling it when it is over."""
