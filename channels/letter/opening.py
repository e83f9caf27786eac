"""An item is opened: what it says, or, when it holds several letters, each of them kept as an item of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

from channels.base import Item, Kept
from channels.errors import NotNow, Unreadable
from channels.letter.held import Held, by_itself
from channels.letter.items import content_of, letter_of, papers_of
from channels.letter.limits import Limits
from channels.letter.ports import Reader, ReadLetter
from channels.letter.slips import Slips
from channels.letter.submission import batch_noted, is_empty, submission_of, thread_of
from normalizer.record import Submission

OURS = ("start", "closed")  # causes that are the reader's own, and no fault of the letter

Keep = Callable[[Item], Awaitable[Kept]]
Queue = Callable[[Item], None]  # for the handover of what is safe in the ledger


class Opener:
    """Opens items; the same one asked for twice at a time is read once."""

    def __init__(self, reader: Reader, slips: Slips, limits: Limits) -> None:
        self._reader = reader
        self._slips = slips
        self._held = Held(limits)
        self._at_work: dict[str, asyncio.Task[Submission]] = {}

    async def open(self, item: Item, keep: Keep, queue: Queue) -> Submission:
        """Raises Unreadable, NotNow, and whatever ``keep`` raises."""
        if item.key not in self._at_work:
            task = asyncio.create_task(self._open(item, keep, queue))
            self._at_work[item.key] = task
            task.add_done_callback(lambda done: self._done(item.key, done))
        return await asyncio.shield(self._at_work[item.key])

    async def aclose(self) -> None:
        tasks = list(self._at_work.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, key: str, task: asyncio.Task[Submission]) -> None:
        del self._at_work[key]
        if not task.cancelled():
            task.exception()  # looked at, also when whoever waited has gone

    async def _open(self, item: Item, keep: Keep, queue: Queue) -> Submission:
        if cause := item.envelope.get("unread"):
            raise Unreadable(cause)
        if held := self._held.take(item.key):
            return await self._said(item, held)
        letters = await self._letters(item)
        if len(letters) == 1:
            return await self._said(item, letters[0])
        await self._part(item, letters, keep, queue)
        return batch_noted(item, len(letters))

    async def _letters(self, item: Item) -> Sequence[ReadLetter]:
        papers, _ = papers_of(item)
        found = [letter for letter in await self._read(content_of(papers)) if not is_empty(letter)]
        if not found:
            raise Unreadable("所有页面均为空白，可能放反了纸面 / every page is blank; was it scanned from its back?")
        return found

    async def _read(self, content: bytes) -> Sequence[ReadLetter]:
        with _only_the_letters_faults():
            return (await self._reader.read(content)).letters

    async def _said(self, item: Item, letter: ReadLetter) -> Submission:
        proven = await self._slips.proven(letter.slip) if letter.slip else None
        return submission_of(item, letter, thread_of(letter.slip, proven))

    async def _part(self, item: Item, letters: Sequence[ReadLetter], keep: Keep, queue: Queue) -> None:
        """All are kept before the batch counts as read: after a crash at any point each is there, and only once.

        One at a time, for together they may be as large as many files.
        """
        papers, _ = papers_of(item)
        content = content_of(papers)
        for n, letter in enumerate(letters, 1):
            own = await self._cut(item, n, letter, content)
            if not (await keep(own)).finished:
                self._held.put(own.key, by_itself(letter))
                queue(own)

    async def _cut(self, item: Item, n: int, letter: ReadLetter, content: bytes) -> Item:
        pages = [page.number for page in letter.pages]
        with _only_the_letters_faults():
            return letter_of(item, n, pages, await self._reader.cut(content, pages))


@contextmanager
def _only_the_letters_faults() -> Iterator[None]:
    """Raises NotNow for what is the reader's own."""
    try:
        yield
    except Unreadable as error:
        if str(error).partition(":")[0] in OURS:
            raise NotNow(str(error)) from error
        raise
