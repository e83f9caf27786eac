"""Words of complaints, found again without being readable: a keyed hash of each two neighbouring characters.

Whom a complaint is about is kept in the same way, by terms of a kind of their own: no search for words meets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from sqlalchemy import ScalarSelect, Select, bindparam, delete, func, literal, select, update
from sqlalchemy.sql.elements import ColumnElement

from normalizer.record import Complaint
from normalizer.text import fold
from store.codec import complaint_from_json
from store.crypto import Keyring
from store.line import AnyRow, Line
from store.models import complaints
from store.models import terms as table
from store.models.kinds import is_set
from store.prepared import Prepared, upsert
from store.repository import Repository, sift
from store.values import ComplaintId

FIELDS = ("matter", "reason", "request")
MOST = 300  # pairs of one complaint: a letter of many pages must not outweigh a hundred others
ASKED = 12  # pairs of one question: what comes after the first dozen narrows no more
LOOKED_AT = 5_000  # the newest complaints with the rarest pair; a question in common words ends there
RARE = 1_000  # a pair that more complaints have is common, and how common does not matter
WORDS, ABOUT = "term", "about"  # kinds of terms
WRITTEN = ""  # no pair: what every complaint has whose terms of both kinds are written
CLERK = "staff"  # role of a person of ours who is named

_UNFOUND = Prepared(
    select(complaints.c.id, complaints.c.record)
    .where(is_set(complaints.c.unfound))
    .order_by(complaints.c.id)
    .limit(bindparam("most"))
    .with_for_update(key_share=True, skip_locked=True)
)
_FORGET = Prepared(delete(table).where(table.c.complaint_id == bindparam("which")))
_WRITE = upsert(table, lambda insert: insert.on_conflict_do_nothing())
_FOUND = Prepared(update(complaints).where(complaints.c.id == bindparam("which")).values(unfound=False))
_UNWRITTEN = Prepared(
    select(complaints.c.id).where(
        ~select(literal(1))
        .where(table.c.term == bindparam("mark"), table.c.complaint_id == complaints.c.id)
        .correlate(complaints)
        .exists()
    )
)


class Terms(Repository):
    """The table of terms: who reads it learns which complaints share two characters, but not which two."""

    __slots__ = ()

    async def catch_up(self, most: int) -> int:
        """Write the terms of up to ``most`` complaints that have none yet, or other words since; how many there were.

        Those that somebody else is writing now are left for the next time, and so is nothing waited for.
        """
        rows = await self._line.rows(_UNFOUND, {"most": most})
        good, _ = sift(rows, self._read, lambda row: row.id)
        for id, terms in good:
            await self._replace(id, terms)
        for row in rows:  # one that does not open would else be the first of every batch
            await self._line.run(_FOUND, {"which": row.id})
        return len(rows)

    async def unwritten(self) -> list[ComplaintId]:
        """Complaints of which an older version wrote the words alone, or nothing was written yet."""
        rows = await self._line.rows(_UNWRITTEN, {"mark": _term(self._keys, ABOUT, WRITTEN)})
        return [ComplaintId(row.id) for row in rows]

    async def write_about(self, ids: Sequence[ComplaintId]) -> None:
        """Write whom these are about beside their words; one that somebody holds now is left as it is."""
        held = select(complaints.c.id, complaints.c.record).where(complaints.c.id.in_(ids)).order_by(complaints.c.id)
        rows = await self._line.rows(held.with_for_update(key_share=True, skip_locked=True))
        good, bad = sift(rows, self._read_about, lambda row: (row.id, [_term(self._keys, ABOUT, WRITTEN)]))
        values = [{"term": term, "complaint_id": id} for id, terms in (*good, *bad) for term in terms]
        if values:
            await self._line.run_many(_WRITE, values)

    async def of_words(self, words: Iterable[str]) -> list[int]:
        """The terms of some (folded) words, the rarest first; empty when no word has two characters."""
        pairs = dict.fromkeys(pair for word in words for pair in _pairs(word, ASKED))
        terms = [_term(self._keys, WORDS, pair) for pair in list(pairs)[:ASKED]]
        [rarest] = await rarest_first(self._line, [terms])
        return rarest

    async def _replace(self, id: ComplaintId, terms: Sequence[int]) -> None:
        await self._line.run(_FORGET, {"which": id})
        if terms:
            await self._line.run_many(_WRITE, [{"term": term, "complaint_id": id} for term in terms])

    def _read(self, row: AnyRow) -> tuple[ComplaintId, list[int]]:
        record = self._record(row)
        return ComplaintId(row.id), [*terms_of(self._keys, text_of(record)), *terms_about(self._keys, record)]

    def _read_about(self, row: AnyRow) -> tuple[ComplaintId, list[int]]:
        return ComplaintId(row.id), terms_about(self._keys, self._record(row))

    def _record(self, row: AnyRow) -> Complaint:
        return complaint_from_json(self._keys.open_json(row.record, "complaints.record"))


def text_of(record: Complaint) -> str:
    """The words of a complaint that are searched, in the form in which they are compared."""
    return "\n".join([folded(record.value(name)) for name in FIELDS])


def folded(words: str) -> str:
    return fold(words).lower()


def terms_of(keys: Keyring, text: str) -> list[int]:
    """The terms of a folded text, each once, no more than MOST."""
    return [_term(keys, WORDS, pair) for pair in _pairs(text, MOST)]


def terms_about(keys: Keyring, record: Complaint) -> list[int]:
    """The terms of whom a complaint is about, all of them: one that is left out is somebody who learns of it."""
    named = [person.value for person in record.people if person.role == CLERK]
    pairs = dict.fromkeys(pair for text in (record.value("respondent"), *named) for pair in _pairs_of_name(text))
    return [_term(keys, ABOUT, pair) for pair in (WRITTEN, *pairs)]


def terms_of_name(keys: Keyring, name: str) -> list[int]:
    """The terms of a name; none for one of a single character."""
    return [_term(keys, ABOUT, pair) for pair in _pairs_of_name(name)]


async def rarest_first(line: Line, groups: Sequence[Sequence[int]]) -> list[list[int]]:
    """The terms of each group, those first that the fewest complaints have, in one statement or none."""
    terms = list(dict.fromkeys(term for group in groups if len(group) > 1 for term in group))
    if not terms:
        return [list(group) for group in groups]
    [counts] = await line.rows(select(*[_how_many(term) for term in terms]))
    how_many = dict(zip(terms, counts, strict=True))
    return [sorted(group, key=lambda term: how_many.get(term, 0)) for group in groups]


def has_words(record: Complaint, words: Iterable[str]) -> bool:
    """Do all of these (folded) words stand there? Pairs alone may stand there in another order."""
    text = text_of(record)
    return all(word in text for word in words)


def holding(terms: Sequence[int]) -> ColumnElement[bool]:
    """The condition that a complaint has all of these terms, for the newest LOOKED_AT that have the first."""
    newest = select(table.c.complaint_id).where(table.c.term == terms[0])
    newest = newest.order_by(table.c.complaint_id.desc()).limit(LOOKED_AT)
    return complaints.c.id.in_(_with_all(newest, terms[1:]))


def with_all(terms: Sequence[int]) -> Select[tuple[int]]:
    """The ids of the complaints that have all of these terms."""
    return _with_all(select(table.c.complaint_id).where(table.c.term == terms[0]), terms[1:])


def _with_all(ids: Select[tuple[int]], terms: Sequence[int]) -> Select[tuple[int]]:
    """Of these ids, those of the complaints that have all of these terms."""
    some = ids.subquery()
    found = select(some.c.complaint_id)
    for term in terms:
        again = table.alias()
        found = found.where(
            select(literal(1)).where(again.c.term == term, again.c.complaint_id == some.c.complaint_id).exists()
        )
    return found


def _how_many(term: int) -> ScalarSelect[int]:
    some = select(literal(1)).where(table.c.term == term).limit(RARE).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _pairs(text: str, most: int) -> list[str]:
    """Neighbouring characters, without those that a space or a line's end stands between."""
    found = dict.fromkeys(a + b for a, b in pairwise(text) if not a.isspace() and not b.isspace())
    return list(found)[:most]


def _pairs_of_name(name: str) -> list[str]:
    """All of them, spaces too: names of people and branches are compared as they stand."""
    return list(dict.fromkeys(a + b for a, b in pairwise(fold(name))))


def _term(keys: Keyring, kind: str, pair: str) -> int:
    """63 bits: what a column of eight bytes holds without a sign."""
    return int(keys.index(kind, pair)[:16], 16) >> 1
