"""People who work here: who they are, what they may do, and the secrets by which they sign in, sealed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, literal, select, update

from store.desk import Person
from store.line import AnyRow
from store.models import people as table
from store.prepared import Prepared
from store.repository import Repository

FACTS, SECRETS = "people.facts", "people.secrets"
ACTIVE, DISABLED = "active", "disabled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """By what somebody proves to be themselves."""

    password: str = ""  # argon2id; empty: single sign-on alone
    once: bool = False  # the password was given by somebody else, and lasts until they choose their own
    totp: str = ""  # base32; empty: no second factor
    used: int = 0  # the last time step whose code was taken: a code counts once (RFC 6238, 5.2)


def _by(column: str) -> tuple[Prepared, Prepared]:
    query: Select[Any] = select(table).where(table.c[column] == bindparam("which"))
    return Prepared(query), Prepared(query.with_for_update(key_share=True))


_ADD = Prepared(insert(table).returning(table.c.id))
_SAVE = Prepared(update(table).where(table.c.id == bindparam("which")))
_BY_ID = _by("id")
_BY_LOGIN = _by("login")
_BY_SUBJECT = _by("subject")
_ALL = Prepared(select(table).order_by(table.c.login))
_ANY = Prepared(select(table.c.id).limit(1))
_WITH_ROLE = Prepared(
    select(table)
    .where(
        table.c.state == ACTIVE,
        (literal(",") + table.c.roles + literal(",")).like(literal("%,") + bindparam("role") + literal(",%")),
    )
    .order_by(table.c.id)
    .with_for_update(key_share=True)
)


class People(Repository):
    """Everybody who works here, those who left too: the audit trail names them."""

    __slots__ = ()

    async def add(self, person: Person, secrets: Secrets) -> int:
        """A new person, whose id this gives; raises Conflict when the login is taken."""
        row = {**self._row(person), **self._sealed(secrets), "created_at": person.created_at}
        return int((await self._line.rows(_ADD, row))[0].id)

    async def get(self, id: int, *, lock: bool = False) -> Person | None:
        return self._first(await self._line.rows(_BY_ID[lock], {"which": id}))

    async def by_login(self, login: str, *, lock: bool = False) -> Person | None:
        return self._first(await self._line.rows(_BY_LOGIN[lock], {"which": login}))

    async def by_subject(self, issuer: str, subject: str) -> Person | None:
        """Who is known to single sign-on by this issuer and subject."""
        return self._first(await self._line.rows(_BY_SUBJECT[0], {"which": self._subject(issuer, subject)}))

    async def all(self) -> Sequence[Person]:
        """Everybody, by login: an insurer has hundreds of people at this desk, not more."""
        return self._people(await self._line.rows(_ALL))

    async def nobody(self) -> bool:
        """Is there not one person yet?"""
        return not await self._line.rows(_ANY)

    async def with_role(self, role: str) -> Sequence[Person]:
        """Whoever is active in a role, locked: two of them must not remove one another at the same time."""
        return self._people(await self._line.rows(_WITH_ROLE, {"role": role}))

    async def change(self, person: Person) -> None:
        """Write what is known of a person, as it is now."""
        await self._line.run(_SAVE, {"which": person.id, **self._row(person)})

    async def secrets(self, id: int) -> Secrets:
        """By what they sign in; nothing for nobody."""
        rows = await self._line.rows(_BY_ID[False], {"which": id})
        return self._secrets(rows[0]) if rows else Secrets()

    async def set_secrets(self, id: int, secrets: Secrets) -> None:
        await self._line.run(_SAVE, {"which": id, **self._sealed(secrets)})

    async def link(self, id: int, issuer: str, subject: str) -> None:
        """From now on they are known to single sign-on; raises Conflict when somebody else is that subject."""
        await self._line.run(_SAVE, {"which": id, "subject": self._subject(issuer, subject)})

    async def is_linked(self, id: int) -> bool:
        """Does single sign-on know them already?"""
        rows = await self._line.rows(_BY_ID[False], {"which": id})
        return bool(rows) and rows[0].subject is not None

    async def unlink(self, id: int) -> None:
        """Single sign-on must find them anew."""
        await self._line.run(_SAVE, {"which": id, "subject": None})

    async def seen(self, id: int, at: datetime) -> None:
        await self._line.run(_SAVE, {"which": id, "seen_at": at})

    def _subject(self, issuer: str, subject: str) -> str:
        return self._keys.index("subject", f"{issuer}\0{subject}")

    def _row(self, person: Person) -> dict[str, Any]:
        return {
            "login": person.login,
            "facts": self._keys.seal_json({"name": person.name, "email": person.email}, FACTS),
            "roles": ",".join(sorted(person.roles)),
            "branch": person.branch,
            "state": ACTIVE if person.active else DISABLED,
        }

    def _sealed(self, secrets: Secrets) -> dict[str, Any]:
        return {"secrets": self._keys.seal_json(asdict(secrets), SECRETS)}

    def _secrets(self, row: AnyRow) -> Secrets:
        return Secrets(**self._keys.open_json(row.secrets, SECRETS))

    def _people(self, rows: Iterable[AnyRow]) -> list[Person]:
        return [self.of(row) for row in rows]

    def _first(self, rows: Sequence[AnyRow]) -> Person | None:
        return self.of(rows[0]) if rows else None

    def of(self, row: AnyRow) -> Person:
        """A row as a person."""
        facts = self._keys.open_json(row.facts, FACTS)
        return Person(
            id=row.id,
            login=row.login,
            name=facts["name"],
            email=facts["email"],
            roles=frozenset(filter(None, row.roles.split(","))),
            branch=row.branch,
            active=row.state == ACTIVE,
            has_totp=bool(self._secrets(row).totp),
            created_at=row.created_at,
            seen_at=row.seen_at,
        )
