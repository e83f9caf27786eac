"""One IMAP4rev1 session (RFC 3501) with IDLE, MOVE, UIDPLUS and ID; only what a mail client of our kind uses."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime

from channels.email.simulator.faults import Faults, Kind, Planned
from channels.email.simulator.lines import Torn, drip, silence, tear
from channels.email.simulator.mailboxes import Account, Folder, Stored

CAPABILITIES = "IMAP4rev1 LITERAL+ ID IDLE MOVE UIDPLUS NAMESPACE"
WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\([^)]*\))|(\S+)')
PARTIAL = re.compile(r"<(\d+)\.(\d+)>")

LogIn = Callable[[str, str], Account | None]


class ImapSession:
    """Talks with one client until it leaves or a fault ends it."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        log_in: LogIn,
        faults: Faults,
        capabilities: str = CAPABILITIES,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._log_in = log_in
        self._faults = faults
        self._capabilities = capabilities
        self._account: Account | None = None
        self._folder: Folder | None = None
        self._known: list[int] = []  # the UIDs whose sequence numbers the client knows
        self._changed = asyncio.Event()
        self._fault: Planned | None = None

    async def run(self) -> None:
        self._say(f"* OK [CAPABILITY {self._capabilities}] ready")
        try:
            while line := await self._reader.readline():
                await self._command(line.decode("utf-8", "replace").rstrip("\r\n"))
        finally:
            self._leave()

    async def _command(self, line: str) -> None:
        tag, _, rest = line.partition(" ")
        name, _, arguments = rest.partition(" ")
        if name.upper() == "UID":
            name, _, arguments = arguments.partition(" ")
            name = f"UID {name}"
        name = name.upper()
        self._fault = self._faults.due(name, arguments)
        await self._misbehave_before(tag)
        answer = await self._answered(name, arguments)
        if self._fault and self._fault.kind is Kind.LOSE_ANSWER:
            tear(self._writer)
        if not name.endswith(("FETCH", "STORE", "SEARCH")):
            self._tell_changes()
        self._say(f"{tag} {answer}")
        await self._writer.drain()
        if name == "LOGOUT":
            raise Torn

    async def _misbehave_before(self, tag: str) -> None:
        match self._fault.kind if self._fault else None:
            case Kind.REFUSE:
                pass
            case Kind.BYE:
                self._say("* BYE going down")
                await self._writer.drain()
                raise Torn
            case Kind.RESET:
                tear(self._writer)
            case Kind.SILENCE:
                await silence()
            case Kind.DRIP:
                await drip(self._writer, b"* OK " + b"still at it " * 10_000)

    async def _answered(self, name: str, arguments: str) -> str:
        if self._fault and self._fault.kind is Kind.REFUSE:
            return self._fault.answer or "NO refused"
        words = [word[0] or word[1] or word[2] for word in WORD.findall(arguments)]
        match name:
            case "CAPABILITY":
                self._say(f"* CAPABILITY {self._capabilities}")
                return "OK done"
            case "ID":
                self._say('* ID ("name" "tousu-simulator")')
                return "OK done"
            case "NOOP" | "CHECK":
                return "OK done"
            case "LOGOUT":
                self._say("* BYE until next time")
                return "OK done"
            case "LOGIN":
                return self._logged_in(*(_unescaped(word) for word in words[:2]))
        if self._account is None:
            return "BAD log in first"
        return await self._of_account(self._account, name, words)

    async def _of_account(self, account: Account, name: str, words: Sequence[str]) -> str:
        match name:
            case "SELECT" | "EXAMINE":
                return self._select(account, words[0])
            case "CREATE":
                return "OK created" if account.create(words[0]) else "NO [ALREADYEXISTS] it is there"
            case "LIST":
                for folder in account.folders:
                    self._say(f'* LIST (\\HasNoChildren) "/" "{folder}"')
                return "OK done"
        if self._folder is None:
            return "BAD select first"
        return await self._of_folder(account, self._folder, name, words)

    async def _of_folder(self, account: Account, folder: Folder, name: str, words: Sequence[str]) -> str:
        match name:
            case "SEARCH" | "UID SEARCH":
                return self._search(folder, words, by_uid=name.startswith("UID"))
            case "UID FETCH":
                return await self._fetch(folder, words[0], " ".join(words[1:]))
            case "UID STORE":
                return self._store(folder, words[0], words[1], words[2])
            case "UID COPY":
                return self._copy(account, folder, words[0], words[1])
            case "UID MOVE":
                return self._move(account, folder, words[0], words[1])
            case "UID EXPUNGE":
                marked = [mail.uid for mail in _chosen(folder, words[0]) if "\\Deleted" in mail.flags]
                folder.remove(marked)
                return "OK expunged"
            case "IDLE":
                return await self._idle()
        return "BAD unknown command"

    # -- the commands ---------------------------------------------------------------------------------------------

    def _logged_in(self, user: str, password: str) -> str:
        self._account = self._log_in(user, password)
        return "OK logged in" if self._account else "NO [AUTHENTICATIONFAILED] wrong user or password"

    def _select(self, account: Account, name: str) -> str:
        folder = account.find(name)
        if folder is None:
            return "NO [NONEXISTENT] no such mailbox"
        self._leave()
        self._folder = folder
        folder.watchers.add(self._changed)
        self._known = [mail.uid for mail in folder.mails]
        self._say("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)")
        self._say(f"* {len(self._known)} EXISTS")
        self._say("* 0 RECENT")
        self._say(f"* OK [UIDVALIDITY {folder.uidvalidity}] UIDs valid")
        self._say(f"* OK [UIDNEXT {folder.uidnext}] next")
        return "OK [READ-WRITE] selected"

    def _search(self, folder: Folder, words: Sequence[str], *, by_uid: bool) -> str:
        criteria = list(words[2:] if words and words[0].upper() == "CHARSET" else words)
        found = folder.mails
        if "UNSEEN" in criteria:
            found = [mail for mail in found if "\\Seen" not in mail.flags]
        if "SINCE" in criteria:
            first = parsedate_to_datetime(f"{criteria[criteria.index('SINCE') + 1].replace('-', ' ')} 00:00:00 +0000")
            found = [mail for mail in found if mail.internaldate.date() >= first.date()]
        if "UID" in criteria:
            found = _chosen(folder, criteria[criteria.index("UID") + 1])
        numbers = [mail.uid if by_uid else self._known.index(mail.uid) + 1 for mail in found]
        self._say(" ".join(["* SEARCH", *map(str, numbers)]))
        return "OK done"

    async def _fetch(self, folder: Folder, wanted: str, items: str) -> str:
        for mail in _chosen(folder, wanted):
            if mail.uid not in self._known:
                self._known.append(mail.uid)
            await self._send_mail(mail, items)
        return "OK done"

    async def _send_mail(self, mail: Stored, items: str) -> None:
        facts = [f"UID {mail.uid}"]
        if "FLAGS" in items:
            facts.append(f"FLAGS ({' '.join(sorted(mail.flags))})")
        if "INTERNALDATE" in items:
            facts.append(f'INTERNALDATE "{mail.internaldate:%d-%b-%Y %H:%M:%S %z}"')
        if "RFC822.SIZE" in items:
            facts.append(f"RFC822.SIZE {len(mail.raw)}")
        start = f"* {self._known.index(mail.uid) + 1} FETCH ({' '.join(facts)}"
        if "BODY" not in items:
            self._say(f"{start})")
            return
        if "PEEK" not in items:
            mail.flags.add("\\Seen")
        offset, raw = _part(mail.raw, items)
        self._say(f"{start} BODY[]{offset} {{{len(raw)}}}")
        await self._send_literal(raw)
        self._say(")")
        await self._writer.drain()

    async def _send_literal(self, raw: bytes) -> None:
        if self._fault and self._fault.kind is Kind.CUT:
            self._writer.write(raw[: len(raw) // 2])
            await self._writer.drain()
            raise Torn
        self._writer.write(raw)

    def _store(self, folder: Folder, wanted: str, how: str, flags: str) -> str:
        for mail in _chosen(folder, wanted):
            change = mail.flags.difference_update if how.startswith("-") else mail.flags.update
            change(flags.strip("()").split())
        return "OK stored"

    def _copy(self, account: Account, folder: Folder, wanted: str, name: str) -> str:
        target = account.find(name)
        if target is None:
            return "NO [TRYCREATE] no such mailbox"
        chosen = _chosen(folder, wanted)
        if not chosen:
            return "OK no messages found"
        new = [target.add(mail.raw, mail.internaldate, mail.flags).uid for mail in chosen]
        old = ",".join(str(mail.uid) for mail in chosen)
        return f"OK [COPYUID {target.uidvalidity} {old} {','.join(map(str, new))}] done"

    def _move(self, account: Account, folder: Folder, wanted: str, name: str) -> str:
        gone = [mail.uid for mail in _chosen(folder, wanted)]
        answer = self._copy(account, folder, wanted, name)
        if answer.startswith("OK"):
            folder.remove(gone)
        return answer

    async def _idle(self) -> str:
        self._say("+ idling")
        await self._writer.drain()
        done = asyncio.create_task(self._reader.readline())
        try:
            while not done.done():
                self._changed.clear()
                self._tell_changes()
                await self._writer.drain()
                changed = asyncio.create_task(self._changed.wait())
                await asyncio.wait([done, changed], return_when=asyncio.FIRST_COMPLETED)
                changed.cancel()
        finally:
            done.cancel()
        if not done.result():
            raise Torn
        await self._misbehave_after_done()
        return "OK idle ended"

    async def _misbehave_after_done(self) -> None:
        if self._faults.due("DONE"):
            await silence()

    # -- what changed -----------------------------------------------------------------------------------------------

    def _tell_changes(self) -> None:
        if self._folder is None:
            return
        present = [mail.uid for mail in self._folder.mails]
        still = set(present)
        for index in range(len(self._known) - 1, -1, -1):
            if self._known[index] not in still:
                self._say(f"* {index + 1} EXPUNGE")
                del self._known[index]
        known = set(self._known)
        if fresh := [uid for uid in present if uid not in known]:
            self._known += fresh
            self._say(f"* {len(self._known)} EXISTS")

    def _leave(self) -> None:
        if self._folder is not None:
            self._folder.watchers.discard(self._changed)
        self._folder = None

    def _say(self, words: str) -> None:
        with suppress(ConnectionError):
            self._writer.write(words.encode("utf-8") + b"\r\n")


def _chosen(folder: Folder, wanted: str) -> list[Stored]:
    """The mails of a UID set; ``*`` is the last one, and ``9:*`` holds it even when there is no ninth (RFC 3501)."""
    last = folder.mails[-1].uid if folder.mails else 0
    ranges = [_bounds(part, last) for part in wanted.split(",")]
    return [mail for mail in folder.mails if any(first <= mail.uid <= end for first, end in ranges)]


def _bounds(part: str, last: int) -> tuple[int, int]:
    ends: Iterable[int] = (last if end == "*" else int(end) for end in part.split(":"))
    first, *others = ends
    second = others[0] if others else first
    return min(first, second), max(first, second)


def _part(raw: bytes, items: str) -> tuple[str, bytes]:
    if "HEADER" in items:
        raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    if found := PARTIAL.search(items):
        offset, length = int(found[1]), int(found[2])
        return f"<{offset}>", raw[offset : offset + length]
    return "", raw


def _unescaped(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word)
