"""The store, and the unit: one transaction with the repositories on it, rolled back unless it was committed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy import bindparam, make_url, select

from store.about import About
from store.approvals import Approvals
from store.audit import Audit
from store.balance import Balance
from store.blobs import Blobs
from store.branches import Branches
from store.calls import Calls
from store.checks import Checks
from store.clock_events import ClockEvents
from store.complaints import Complaints
from store.conversations import Conversations
from store.counters import Counters
from store.crypto import Keyring
from store.dossier import Dossier
from store.emergencies import Emergencies
from store.endpoints import Endpoints
from store.erasing import Erasing
from store.errors import Damaged, WrongKey
from store.expired import Expired
from store.figures import Figures
from store.files import Files
from store.holds import Holds
from store.integrity import Integrity
from store.leases import Leases
from store.ledger import Ledger
from store.line import Database, Line
from store.links import Links
from store.memory import Memory
from store.models import meta
from store.outbox import Outbox
from store.people import People
from store.post import Post
from store.postgres import Postgres
from store.prepared import Prepared, upsert
from store.queue import Queue
from store.references import References
from store.reports import Reports
from store.resealing import Resealing
from store.roots import settle_roots
from store.scans import Scans
from store.schema import check, migrate
from store.sessions import Sessions
from store.sqlite import Sqlite
from store.tasks import Tasks
from store.terms import Terms
from store.texts import Texts
from store.timeline import Timeline
from store.views import Views
from store.wake import Wake

CANARY = "canary"
CANARY_PLACE = "meta.value"
CANARY_WORDS = b"this database opens with this key"

_READ_CANARY = Prepared(select(meta.c.value).where(meta.c.key == bindparam("which")))
_WRITE_CANARY = upsert(meta, lambda insert: insert.on_conflict_do_nothing())


class Unit:
    """One transaction. Everything done in it is durable once ``commit`` has returned, and undone otherwise.

    On PostgreSQL units run side by side, so all lock in one order: conversation, complaint, outbox, call, the day's
    sequence, new rows, the end of the audit chain. Who needs an earlier one late may be told Collided.
    """

    __slots__ = (
        "_line",
        "_store",
        "_wakes",
        "about",
        "approvals",
        "audit",
        "balance",
        "branches",
        "calls",
        "checks",
        "clock_events",
        "complaints",
        "conversations",
        "counters",
        "dossier",
        "emergencies",
        "endpoints",
        "erasing",
        "expired",
        "figures",
        "files",
        "holds",
        "integrity",
        "leases",
        "ledger",
        "links",
        "memory",
        "outbox",
        "people",
        "post",
        "queue",
        "references",
        "reports",
        "resealing",
        "scans",
        "sessions",
        "tasks",
        "terms",
        "texts",
        "timeline",
        "views",
    )

    def __init__(self, line: Line, store: Store) -> None:
        keys = store.keyring
        self._line = line
        self._store = store
        self._wakes = False
        self.ledger = Ledger(line, keys, store.blobs)
        self.links = Links(line, keys)
        self.conversations = Conversations(line, keys)
        self.complaints = Complaints(line, keys)
        self.queue = Queue(line, keys)
        self.terms = Terms(line, keys)
        self.about = About(line, keys)
        self.views = Views(line, keys)
        self.timeline = Timeline(line, keys)
        self.outbox = Outbox(line, keys)
        self.reports = Reports(line, keys)
        self.files = Files(line, keys)
        self.scans = Scans(line, keys)
        self.post = Post(line, keys)
        self.calls = Calls(line, keys)
        self.tasks = Tasks(line, keys)
        self.approvals = Approvals(line, keys)
        self.clock_events = ClockEvents(line, keys)
        self.audit = Audit(line, keys)
        self.balance = Balance(line, keys)
        self.checks = Checks(line, keys)
        self.integrity = Integrity(line, keys, store.blobs)
        self.memory = Memory(line, keys)
        self.counters = Counters(line, keys)
        self.figures = Figures(line, keys)
        self.texts = Texts(line, keys)
        self.dossier = Dossier(line, keys)
        self.people = People(line, keys)
        self.endpoints = Endpoints(line, keys)
        self.emergencies = Emergencies(line, keys)
        self.sessions = Sessions(line, keys)
        self.branches = Branches(line, keys)
        self.leases = Leases(line, keys)
        self.resealing = Resealing(line, keys)
        self.holds = Holds(line, keys)
        self.expired = Expired(line, keys)
        self.erasing = Erasing(line, keys)
        self.references = References(line, keys)

    def wake(self) -> None:
        """After the commit, wake the workers of this and of other processes."""
        self._wakes = True

    async def commit(self) -> None:
        """Make everything durable; nothing more can be done in this unit."""
        if self._store.witness is not None:
            await self._store.witness(self)
        await self.timeline.flush()
        await self.audit.flush()
        try:
            await self._line.commit()
        finally:
            if self._wakes:  # also when cancelled meanwhile: the work may be there, and to look in vain costs little
                self._store.ring()


Witness = Callable[[Unit], Awaitable[None]]


class Store:
    """What we remember: opened once by a process, shared by all that it does."""

    def __init__(self, database: Database, keyring: Keyring, blobs: Blobs, wake: Wake) -> None:
        self._database = database
        self.keyring = keyring
        self.blobs = blobs
        self.wake = wake
        self.witness: Witness | None = None  # sees each unit before it commits, and may add to it

    @classmethod
    async def open(cls, url: str, keyring: Keyring, blobs: Blobs) -> Store:
        """Open a migrated database. Raises SchemaBehind, SchemaAhead, and WrongKey for one of another secret."""
        wake = Wake()
        store = cls(_database(url, wake), keyring, blobs, wake)
        try:
            await check(store._database)
            await store._check_key()
        except BaseException:
            await store.aclose()
            raise
        return store

    def unit(self) -> AbstractAsyncContextManager[Unit]:
        """A unit that writes."""
        return self._using(self._database.writing())

    def reading(self) -> AbstractAsyncContextManager[Unit]:
        """A unit that only reads, and holds nobody up."""
        return self._using(self._database.reading())

    @asynccontextmanager
    async def _using(self, line: Line) -> AsyncIterator[Unit]:
        try:
            yield Unit(line, self)
        finally:
            await line.drop()

    @property
    def statements(self) -> int:
        """How many statements units have run, BEGIN, SAVEPOINT and COMMIT apart."""
        return self._database.statements

    @property
    def shared(self) -> bool:
        """May other gateways be working on this database now? An embedded one belongs to a single process."""
        return isinstance(self._database, Postgres)

    async def recover(self) -> None:
        """At the start: what a killed process had claimed is due again at once, where nobody else can have it."""
        if self.shared:
            return
        async with self.unit() as unit:
            await unit.outbox.recover()
            await unit.files.recover()
            await unit.leases.recover()
            await unit.commit()

    def ring(self) -> None:
        """Wake the workers of this and of other processes."""
        self.wake.ring()
        self._database.woken()

    async def ping(self) -> None:
        """Return when the database answers; raises what it raises."""
        await self._database.ping()

    async def aclose(self) -> None:
        await self._database.aclose()

    async def _check_key(self) -> None:
        """The first process of a new database leaves a canary; every later one must be able to open it."""
        line = self._database.writing()
        try:
            sealed = self.keyring.seal(CANARY_WORDS, CANARY_PLACE)
            await line.run(_WRITE_CANARY, {"key": CANARY, "value": sealed})
            rows = await line.rows(_READ_CANARY, {"which": CANARY})
            self.keyring.open(rows[0].value, CANARY_PLACE)
            await settle_roots(line, self.keyring)
            await line.commit()
        except Damaged as unopened:
            raise WrongKey from unopened
        finally:
            await line.drop()


def _database(url: str, wake: Wake) -> Database:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Sqlite(parsed)
    database = Postgres(parsed, wake.ring)
    database.listen()
    return database


__all__ = ["Store", "Unit", "migrate"]
