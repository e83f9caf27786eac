"""All queues of doubt, as one room."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.console.doubts.callbacks import CallBacks
from gateway.console.doubts.duplicates import Duplicates
from gateway.console.doubts.quarantine import QuarantinePages
from gateway.console.doubts.strangers import Strangers
from gateway.console.doubts.undelivered import Undelivered
from gateway.console.kit import Kit, Page, Room
from gateway.staff.quarantine import Replay


class DoubtsRoom(Room):
    """``replay`` handles an item of the ledger again, as the API does."""

    def __init__(self, kit: Kit, replay: Replay) -> None:
        super().__init__(kit)
        self._queues: Sequence[Room] = (
            QuarantinePages(kit, replay),
            Undelivered(kit),
            CallBacks(kit),
            Strangers(kit),
            Duplicates(kit),
        )

    def pages(self) -> Sequence[Page]:
        return [page for queue in self._queues for page in queue.pages()]
