"""What the insurer already holds: looked up before anything is asked (令2020年第3号 Art 13, last paragraph)."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import column, or_, select, table
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from normalizer.record import SHANGHAI, Complaint, Field, Method

log = structlog.get_logger(__name__)

# A field of the record, and the holding's name for it.
FIELDS = {"policy_number": "policy_number", "phone": "phone", "id_number": "id_number", "complainant_name": "name"}
LOOK_UP_SECONDS = 1.0  # a customer is waiting; without an answer by then we ask


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """One policy as the insurer's files know it."""

    policy_number: str
    phone: str = ""  # E.164
    id_number: str = ""
    name: str = ""
    begins: datetime | None = None
    ends: datetime | None = None  # of the contract: how long a complaint about it is kept hangs on it


class PolicyDirectory(Protocol):
    """Finds policies by any identifier a person gave."""

    async def find(self, *, policy_number: str = "", phone: str = "", id_number: str = "") -> tuple[Holding, ...]:
        """Every policy that carries one of these; empty when there is none."""
        ...

    async def aclose(self) -> None: ...


class NoDirectory:
    """The default: nothing is looked up."""

    async def find(self, *, policy_number: str = "", phone: str = "", id_number: str = "") -> tuple[Holding, ...]:
        return ()

    async def aclose(self) -> None:
        """Nothing to close."""


class CsvDirectory:
    """A CSV with the columns policy_number, phone, id_number, name, and if known begins and ends (days); read once."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            self._holdings = tuple(_holding(row) for row in csv.DictReader(lines))
        self._by: dict[tuple[str, str], list[Holding]] = {}
        for holding in self._holdings:
            for key in _keys(holding):
                self._by.setdefault(key, []).append(holding)

    async def find(self, *, policy_number: str = "", phone: str = "", id_number: str = "") -> tuple[Holding, ...]:
        wanted = (("policy_number", policy_number), ("phone", phone), ("id_number", id_number))
        return tuple(dict.fromkeys(found for key in wanted if key[1] for found in self._by.get(key, ())))

    async def aclose(self) -> None:
        """Nothing to close."""


class SqlDirectory:
    """A table or view with the same columns in a database of the insurer's; only read."""

    def __init__(self, url: str, name: str) -> None:
        self._engine: AsyncEngine = create_async_engine(url, pool_pre_ping=True)
        self._table = table(name, *(column(each) for each in ("policy_number", "phone", "id_number", "name")))

    async def find(self, *, policy_number: str = "", phone: str = "", id_number: str = "") -> tuple[Holding, ...]:
        given = {"policy_number": policy_number, "phone": phone, "id_number": id_number}
        conditions = [self._table.c[name] == value for name, value in given.items() if value]
        if not conditions:
            return ()
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(self._table).where(or_(*conditions)).limit(20))
            return tuple(_holding(dict(row)) for row in rows.mappings())

    async def aclose(self) -> None:
        await self._engine.dispose()


async def look_up(directory: PolicyDirectory, words: Complaint) -> tuple[Holding, ...]:
    """What the files know of the identifiers in one message; nothing when they are away: then we ask."""
    given = {name: words.value(name) for name in ("policy_number", "phone", "id_number")}
    if not any(given.values()):
        return ()
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            return await directory.find(**given)
    except Exception:  # a broken directory of the insurer's must not cost a complaint
        log.exception("policy_directory_failed")
        return ()


def matching(words: Complaint, holdings: tuple[Holding, ...]) -> tuple[Holding, ...]:
    """Those that agree with the words in two values: one alone may have been misread into somebody else's."""
    return tuple(holding for holding in holdings if len(_agreed(words, holding)) > 1)


def confirmed(words: Complaint, holdings: tuple[Holding, ...]) -> Mapping[str, str]:
    """Values of the words that the insurer's files bear out."""
    return {name: value for holding in matching(words, holdings) for name, value in _agreed(words, holding).items()}


def _agreed(words: Complaint, holding: Holding) -> Mapping[str, str]:
    held = {name: getattr(holding, attribute) for name, attribute in FIELDS.items()}
    return {name: value for name, value in held.items() if value and words.value(name) == value}


def filled(complaint: Complaint, holdings: tuple[Holding, ...]) -> Complaint:
    """The complaint with what every matching policy agrees on; what the person said always stands."""
    for name, attribute in FIELDS.items():
        values = {getattr(holding, attribute) for holding in holdings} - {""}
        if len(values) == 1 and not complaint.value(name) and complaint.value("party_role") in ("", "self"):
            complaint = complaint.with_field(name, Field(value=values.pop(), method=Method.DIRECTORY, rule="directory"))
    return complaint


def _holding(row: Mapping[str, str | None]) -> Holding:
    return Holding(
        policy_number=(row.get("policy_number") or "").strip().upper(),
        phone=_e164((row.get("phone") or "").strip()),
        id_number=(row.get("id_number") or "").strip().upper(),
        name=(row.get("name") or "").strip(),
        begins=_day(row.get("begins")),
        ends=_day(row.get("ends")),
    )


def _day(written: str | None) -> datetime | None:
    """2026-11-23, as Shanghai's; nothing for what is no day: such a contract is kept by the complaint's closing."""
    try:
        return datetime.combine(date.fromisoformat((written or "").strip()), time(), SHANGHAI)
    except ValueError:
        return None


def _e164(phone: str) -> str:
    return f"+86{phone.lstrip('0')}" if phone and not phone.startswith("+") else phone


def _keys(holding: Holding) -> Iterable[tuple[str, str]]:
    values = {"policy_number": holding.policy_number, "phone": holding.phone, "id_number": holding.id_number}
    return ((name, value) for name, value in values.items() if value)
