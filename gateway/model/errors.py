"""What can go wrong with a model. None of it leaves this room: the rules' record stands.

ModelError
├── Busy(after)   429, 5xx                → once more, if there is time
├── Refused       4xx                     → perhaps it does not know the form; asked in a simpler one
├── Away          no connection, cut off  → nothing
└── Nonsense      too large, no JSON, redirected, not as agreed
"""

from __future__ import annotations


class ModelError(Exception):
    """The model gave no usable answer."""


class Busy(ModelError):
    """The model asks for patience."""

    def __init__(self, message: str, after: float) -> None:
        super().__init__(message)
        self.after = after  # seconds


class Refused(ModelError):
    """The model does not take the request."""


class Away(ModelError):
    """The model cannot be reached, or the line was cut."""


class Nonsense(ModelError):
    """What came back is not what was agreed."""
