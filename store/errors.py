"""What can go wrong with what we remember: one class for each thing its caller must do. The docstring is the message.

StoreError
├── WrongKey       the database was written with another secret → refuse to start
├── BadSecret      the secret is not one                        → refuse to start
├── SchemaBehind   the tables are those of an older version     → refuse to start
├── SchemaAhead    they are those of a much newer one           → refuse to start
├── Damaged        stored bytes are not what was stored         → a person must look
├── Unavailable    the database did not do it                   → the provider tries again
│   ├── Busy       it was not free in time
│   └── Collided   another unit stood in the way                → the same unit, done anew, passes
├── Refused        a value that it cannot hold                  → a mistake in our own code: never passes
├── Conflict       two rows that cannot both be                 → a mistake in our own code
└── Finished       a unit was used after its commit             → a mistake in our own code
"""

from __future__ import annotations

import inspect


class StoreError(Exception):
    """Something went wrong with the store."""

    def __init__(self, detail: str = "") -> None:
        reason = inspect.cleandoc(type(self).__doc__ or "")
        super().__init__(f"{reason} ({detail})" if detail else reason)


class WrongKey(StoreError):
    """TOUSU_SECRET_KEY does not open this database: it was written with another secret.

    Put the secret with which it was written into TOUSU_SECRET_KEY (or its file secret.key back into the data folder).
    When you were changing secrets, keep the old one after the new one, separated by a comma.
    """


class BadSecret(StoreError):
    """TOUSU_SECRET_KEY must be one or more base64url secrets of 32 bytes each, separated by commas, newest first."""


class SchemaBehind(StoreError):
    """The tables of this database are not those of this version: run `python -m gateway migrate`."""


class SchemaAhead(StoreError):
    """The tables of this database are those of a newer version, which this one cannot work with: install the newer."""


class Damaged(StoreError):
    """Stored bytes are not what was stored."""


class Conflict(StoreError):
    """This row and one already there cannot both be, or what it points to is not there."""


class Unavailable(StoreError):
    """The database did not do what was asked."""


class Busy(Unavailable):
    """The database did not become free in time."""


class Collided(Unavailable):
    """Another unit stood in the way (deadlock, serialisation); nothing was done, and the same done anew will pass."""


class Refused(StoreError):
    """The database cannot hold this value."""


class Finished(StoreError):
    """This unit has been committed; open another one."""
