"""The roots of a database, kept sealed in it, so that the secret it was begun with can be retired one day."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from store.audit import Audit
from store.crypto import Keyring, Roots
from store.line import Line
from store.models import meta
from store.prepared import Prepared, upsert

KEY = "roots"
PLACE = "meta.value"

_READ = Prepared(select(meta.c.value).where(meta.c.key == bindparam("which")))
_WRITE = upsert(meta, lambda insert: insert.on_conflict_do_nothing())


async def settle_roots(line: Line, keys: Keyring) -> None:
    """Let the ring make what this database's indexes, chain and signatures are made with. Raises WrongKey, Damaged."""
    rows = await line.rows(_READ, {"which": KEY})
    if not rows:
        roots = await _begun_with(line, keys)
        await line.run(_WRITE, {"key": KEY, "value": keys.seal(roots.packed, PLACE)})
        rows = await line.rows(_READ, {"which": KEY})
    keys.stand_on(Roots.unpacked(keys.open(rows[0].value, PLACE)))


async def _begun_with(line: Line, keys: Keyring) -> Roots:
    """Of a database older than this table's entry: the audit trail tells which secret of the ring it was."""
    candidates = keys.possible_roots()
    for roots in candidates:
        keys.stand_on(roots)
        if await Audit(line, keys).begins_well():
            return roots
    return candidates[0]
