"""What of a letter's record was seen on paper: where each value stands, and which of them a person must look at."""

from normalizer.seen.doubts import JUDGED, TEXT, Doubt, doubtful
from normalizer.seen.places import Place, where
from normalizer.seen.reasons import Why

__all__ = ["JUDGED", "TEXT", "Doubt", "Place", "Why", "doubtful", "where"]
