"""The bytes of a case file: items as they arrived, attachments, recordings, scanned pages, and letters of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from gateway.house import House
from gateway.reports.casefile.pieces import OCTETS, LeftOut, Load, Piece, json_piece, piece, safe_name
from store.unit import Unit
from store.values import Case, Entry, File, FileState, KeptScan, LedgerId, Moment

Found = tuple[Sequence[Piece], Sequence[LeftOut]]
WHY = {FileState.WAITING: "fetching", FileState.LOST: "lost"}
# How an item of a channel is written: the end of its name, and its type.
FORMS = {"email": (".eml", "message/rfc822"), "wechat": (".xml", "text/xml")}


async def originals(
    house: House, unit: Unit, case: Case, moments: Sequence[Moment], files: Sequence[File], folder: str
) -> Found:
    """Every item of the ledger that belongs to the complaint, byte for byte, also from before it was one."""
    heard = {LedgerId(moment.data["item"]) for moment in moments if type(moment.data.get("item")) is int}
    ids = heard | {file.ledger_id for file in files} | set(await unit.dossier.items(case.id))
    entries = [await unit.ledger.get(id) for id in sorted(ids)]
    pieces = [each for entry in entries if entry is not None for each in _item(house, entry, folder)]
    return pieces, ()


def _item(house: House, entry: Entry, folder: str) -> Sequence[Piece]:
    end, media_type = FORMS.get(entry.channel, (".bin", OCTETS))
    name = f"{folder}originals/{entry.id:08d}-{safe_name(entry.channel)}"
    facts = {"id": entry.id, "received_at": entry.received_at, "key": entry.key, "sha256": entry.sha256}
    origin = f"ledger {entry.id}"

    async def load() -> bytes:
        async with house.store.reading() as unit:
            return (await unit.ledger.raw(entry.id))[0]

    return [
        Piece(path=f"{name}{end}", media_type=media_type, origin=origin, load=load),
        json_piece(f"{name}.arrival.json", {**facts, "channel": entry.channel, "state": entry.state.value}, origin),
    ]


def attachments(house: House, files: Sequence[File], folder: str) -> Found:
    stored = [file for file in files if file.state is FileState.STORED]
    pieces = [
        Piece(
            path=f"{folder}{_room(file)}/{place:04d}-{safe_name(file.name)}",
            media_type=file.media_type,
            origin=f"ledger {file.ledger_id}, file {file.id}",
            load=_blob(house, file.sha256),
        )
        for place, file in enumerate(stored, start=1)
    ]
    words = [
        json_piece(f"{folder}recordings/{file.id}.words.json", asdict(file.words), f"file {file.id}")
        for file in stored
        if file.words is not None
    ]
    gone = [LeftOut(what=f"{folder}file {file.id}", why=WHY[file.state]) for file in files if file.state in WHY]
    return [*pieces, *words], gone


def _room(file: File) -> str:
    return "recordings" if file.media_type.startswith("audio/") else "attachments"


async def scans(house: House, unit: Unit, case: Case, folder: str) -> Found:
    """Pages of paper, turned upright, and what was read from them."""
    kept = await unit.scans.of_complaint(case.id)
    return [each for scan in kept for each in _scan(house, scan, folder)], ()


def _scan(house: House, scan: KeptScan, folder: str) -> Sequence[Piece]:
    origin, name = f"ledger {scan.ledger_id}", f"{folder}scans/{scan.ledger_id:08d}"
    pages = [
        Piece(path=f"{name}-page-{place:03d}.jpg", media_type="image/jpeg", origin=origin, load=_blob(house, sha256))
        for place, sha256 in enumerate(scan.images, start=1)
        if sha256
    ]
    return [*pages, piece(f"{name}-as-read.txt", scan.text.encode(), "text/plain; charset=utf-8", origin)]


async def letters(house: House, unit: Unit, case: Case, folder: str) -> Found:
    """Letters of ours as they were printed, and how they travelled."""
    postings = await unit.post.of_complaint(case.id)
    printed = [
        Piece(
            path=f"{folder}sent/letter-{safe_name(posting.id)}.pdf",
            media_type="application/pdf",
            origin=f"letter {posting.id}",
            load=_blob(house, posting.sha256),
        )
        for posting in postings
    ]
    ways = [
        json_piece(f"{folder}sent/letter-{safe_name(posting.id)}.json", asdict(posting), f"letter {posting.id}")
        for posting in postings
    ]
    return [*printed, *ways], ()


def _blob(house: House, sha256: str) -> Load:
    async def load() -> bytes:
        return await house.store.blobs.get(sha256)

    return load
