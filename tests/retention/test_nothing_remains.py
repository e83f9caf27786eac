"""What is erased is gone from every column, from the database's file and from the blob folder; what is not, stays."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import select

from gateway.casework.retention.files import remove_files
from gateway.casework.retention.round import RetentionRound
from gateway.house import House
from gateway.settings import Settings
from store.crypto import HEAD_BYTES, _derive
from store.erasing import KEPT
from store.models import complaints, ledger
from store.sealed import sealed_tables
from store.unit import Store
from tests.clock import SetClock
from tests.keys.rows import AT, fill, opened, words

LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
GONE, STAYS = 901, 902  # behind what the database counts itself
ENDED = {
    "complaints__status": "ARCHIVED",
    "complaints__intent": "complaint",
    "complaints__merged_into": None,
    "complaints__erased_at": None,
    "ledger__state": "handled",
    "outbox__state": "sent",
    "files__state": "stored",
    "tasks__state": "done",
    "emergencies__state": "closed",
}
LONG_PAST = {
    "conversations__last_heard_at": LONG_AGO,
    "conversations__remind_at": None,
    "ledger__received_at": LONG_AGO,
    "outbox__created_at": LONG_AGO,
    "calls__heard_at": LONG_AGO,
}


def house_of(store: Store) -> House:
    return House(store=store, clock=SetClock(AT), settings=Settings())


async def one_to_go_and_one_to_stay(store: Store) -> str:
    """Two complaints with something in every table; both name one large file, the first another besides."""
    own = await store.blobs.put(b"in one complaint")
    both = await store.blobs.put(b"in two complaints")
    folder = {"post__sha256": both, "files__sha256": own}
    gone = {**ENDED, **LONG_PAST, **folder, "complaints__keep_until": AT - timedelta(days=1)}
    await fill(store, GONE, **gone)
    stays = {**ENDED, "complaints__keep_until": AT + timedelta(days=1), "post__sha256": both}
    await fill(store, STAYS, **stays)
    return own


async def test_every_word_goes_and_everybody_elses_stays(store: Store) -> None:
    await one_to_go_and_one_to_stay(store)
    done = await RetentionRound(house_of(store)).run()
    assert done["complaints"] == 1
    left = {place for place, said in (await opened(store, GONE)).items() if "canary" in said}
    assert left == KEPT
    kept = await opened(store, STAYS)
    assert kept == {place: words(place, STAYS) for place in kept}
    assert set(kept) == {f"{of.name}.{column.name}" for of in sealed_tables() for column in of.columns}


async def test_files_go_once_nobody_names_them(store: Store, tmp_path: Path) -> None:
    own = await one_to_go_and_one_to_stay(store)
    house = house_of(store)
    await RetentionRound(house).run()
    assert await store.blobs.has(own), "somebody may have put it a moment ago"
    _grow_old(tmp_path / "blobs")
    await remove_files(house)
    assert not await store.blobs.has(own)
    assert await store.blobs.has(hashlib.sha256(b"in two complaints").hexdigest())
    async with store.reading() as unit:
        assert not await unit.erasing.blobs_noted()


async def test_bytes_that_are_put_again_meanwhile_are_kept(store: Store, tmp_path: Path) -> None:
    own = await one_to_go_and_one_to_stay(store)
    house = house_of(store)
    await RetentionRound(house).run()
    _grow_old(tmp_path / "blobs")
    assert await store.blobs.put(b"in one complaint") == own
    await remove_files(house)
    assert await store.blobs.get(own) == b"in one complaint"


def _grow_old(folder: Path) -> None:
    old = (AT - timedelta(days=1)).timestamp()
    for path in folder.glob("??/*"):
        os.utime(path, (old, old))


async def test_the_skeleton_is_still_counted(store: Store) -> None:
    await one_to_go_and_one_to_stay(store)
    async with store.reading() as unit:
        before = sorted(await unit.complaints.count_by("category", "product", "channel"))
        items = sorted(await unit.ledger.counts())
    await RetentionRound(house_of(store)).run()
    async with store.reading() as unit:
        assert sorted(await unit.complaints.count_by("category", "product", "channel")) == before
        assert sorted(await unit.ledger.counts()) == items
        [case] = (await unit.complaints.numbered([f"x{GONE}"])).values()
    assert case.erased_at == AT
    assert case.record.value("category") == f"x{GONE}"
    assert not case.contact


async def test_no_index_and_no_id_of_a_person_is_left(store: Store) -> None:
    await one_to_go_and_one_to_stay(store)
    await RetentionRound(house_of(store)).run()
    line = store._database.reading()
    [row] = await line.rows(select(complaints).where(complaints.c.id == GONE))
    assert {name: value for name, value in row._mapping.items() if name.endswith("_index") and value} == {}
    assert (row.sender, row.reply_context, row.conversation_id) == (None, None, None)
    [item] = await line.rows(select(ledger).where(ledger.c.id == GONE))
    assert (item.raw, item.sha256, item.key_index) == (None, "", f"x{GONE}")
    await line.drop()


async def test_an_item_that_comes_again_is_known_as_had_before(store: Store) -> None:
    async with store.unit() as unit:
        first = await unit.ledger.enter(channel="email", key="<a@b>", received_at=LONG_AGO, raw=b"hello", envelope={})
        await unit.ledger.settle(first.id, answer_kind="queued", answer_text="thanks")
        await unit.commit()
    assert (await RetentionRound(house_of(store)).run())["items"] == 1
    async with store.unit() as unit:
        again = await unit.ledger.enter(channel="email", key="<a@b>", received_at=AT, raw=b"hello", envelope={})
        await unit.commit()
    assert (again.id, again.new, again.state, again.answer_text) == (first.id, False, "handled", "")


async def test_nothing_is_left_in_the_free_pages_of_the_file(store: Store, store_url: str, tmp_path: Path) -> None:
    """Whatever begins like a sealed value anywhere in the file is decrypted, without asking whether it is whole."""
    if store.shared:
        return  # PostgreSQL's dead rows go with its VACUUM (docs/operations.md)
    await one_to_go_and_one_to_stay(store)
    assert b"canary 901 of complaints.record" in _plain_of(store, tmp_path / "tousu.db")
    await RetentionRound(house_of(store)).run()
    await store.aclose()
    plain = _plain_of(store, tmp_path / "tousu.db")
    found = set(re.findall(rb"canary 901 of ([a-z_.]+)", plain))
    assert {place.decode() for place in found} == set(KEPT)


def _plain_of(store: Store, path: Path) -> bytes:
    content = b"".join(part.read_bytes() for part in (path, path.with_name(path.name + "-wal")) if part.exists())
    [secret] = store.keyring._ring
    head, key = store.keyring._head, _derive(secret, b"seal")
    return b"\n".join(_opened_at(content, match.start(), key) for match in re.finditer(re.escape(head), content))


def _opened_at(content: bytes, start: int, key: bytes) -> bytes:
    """AES-GCM is counter mode from 2 on: it opens without its tag, whatever was written over its end."""
    nonce, sealed = content[start + 5 : start + HEAD_BYTES], content[start + HEAD_BYTES : start + HEAD_BYTES + 200]
    cipher = Cipher(algorithms.AES(key), modes.CTR(nonce + (2).to_bytes(4, "big"))).decryptor()
    return cipher.update(sealed)
