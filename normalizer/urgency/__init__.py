"""Flags and priority: a layer of its own, OR-ed; nothing in a text can lower it."""

from normalizer.urgency.flags import flags
from normalizer.urgency.level import LEVELS, priority
from normalizer.urgency.taught import danger

__all__ = ["LEVELS", "danger", "flags", "priority"]
