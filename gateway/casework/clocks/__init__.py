"""By when a complaint must be answered, why then, and what happens as the date comes near."""

from gateway.casework.clocks.explaining import explain
from gateway.casework.clocks.standing import reckoned, shown_events

__all__ = ["explain", "reckoned", "shown_events"]
