"""From sentences that people wrote to the model that the normalizer reads: ``python -m tests.training``."""
