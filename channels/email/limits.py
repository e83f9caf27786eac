"""How much and how long: every bound of the e-mail channel in one place, so that tests can make them small."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes."""

    # one connection
    command_time: float = 30.0  # for an answer, and for silence within a long one
    probe_time: float = 10.0  # for the answer to DONE: the proof of life (email.md 1.4)
    slowest: float = 50_000.0  # bytes a second below which a download is given up
    idle_time: float = 540.0  # renew IDLE before routers and servers forget us; 29 min is only RFC 2177's upper bound

    # one fetch
    listing: int = 100  # lines in one response: aioimaplib recurses per line and breaks near 1,000
    range_mails: int = 20  # its fastest range (email.md 1.2)
    range_bytes: int = 8 * MB  # also the size above which one mail is fetched in chunks
    chunk: int = 4 * MB
    largest: int = 50 * MB  # of a larger mail its first part is kept
    first_part: int = 8 * MB

    # the gateway
    concurrent: int = 8  # mails of different senders handled at a time
    attempts: int = 5  # after so many failures a mail goes to a person as it is
    failures: int = 3  # so many mails failing in a row stop the pass: the gateway cannot store

    # lost lines
    retry_first: float = 1.0
    retry_longest: float = 60.0
    healthy_after: float = 120.0  # back-off starts anew after so long a quiet time
    refused_time: float = 900.0  # after a refused password: providers lock accounts that are hammered
