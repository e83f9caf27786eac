"""What the spool cannot do.

Unavailable (of the store: the provider tries again)
├── GivenUp      the database was not waited for any longer  → what came goes to disk
└── SpoolFull    the disk does not take it either            → 503, the provider delivers again
"""

from __future__ import annotations

from store.errors import Unavailable


class GivenUp(Unavailable):
    """The database did not answer in time; what was begun may still come to its end."""


class SpoolFull(Unavailable):
    """The database is away, and the spool's disk does not take any more."""
