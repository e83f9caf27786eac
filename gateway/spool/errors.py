"""What the spool cannot do.

Unavailable (of the store: the provider tries again)
├── GivenUp      the database was not waited for any longer  → what came goes to disk
├── TooSlow      it answers, and yet this took too long      → so does this, and nobody calls the database away
└── SpoolFull    the disk does not take it either            → 503, the provider delivers again
"""

from __future__ import annotations

from store.errors import Unavailable


class GivenUp(Unavailable):
    """The database did not answer in time; what was begun may still come to its end."""


class TooSlow(Unavailable):
    """Our own work did not end in time, as under a crowd; what was begun may still come to its end."""


class SpoolFull(Unavailable):
    """The database is away, and the spool's disk does not take any more."""
