"""What an owner does on the progress page: each is a message of theirs, taken down as on any other channel."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.customers.taking import Filled, Taken, Taking
from gateway.customers.visits import Session
from normalizer.record import Attachment, Thread

BY = ("proof",)  # number and last four were shown
SCORES = frozenset("12345")


@dataclass(frozen=True, kw_only=True, slots=True)
class Buttons:
    """What a button says for whoever pressed it, as the dialogue understands it."""

    withdraw: str
    confirm: str
    go_on: str
    not_solved: str


CHINESE = Buttons(withdraw="我要撤回投诉", confirm="确认撤回", go_on="不撤回，继续处理", not_solved="未解决")
TRADITIONAL = Buttons(withdraw="我要撤回投訴", confirm="確認撤回", go_on="不撤回，繼續處理", not_solved="未解決")
ENGLISH = Buttons(
    withdraw="I want to withdraw my complaint",
    confirm="confirm withdrawal",
    go_on="Please go on, I do not withdraw it",
    not_solved="not solved",
)
BUTTONS = {"zh-Hans": CHINESE, "zh-Hant": TRADITIONAL, "en": ENGLISH}


class Acting:
    """On behalf of whoever holds a session."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking

    async def add(self, session: Session, token: str, text: str, files: tuple[Attachment, ...]) -> Taken:
        return await self._say(session, f"add:{token}", text, files)

    async def ask_to_withdraw(self, session: Session, token: str) -> Taken:
        """The answer asks whether it is meant."""
        return await self._say(session, f"withdraw:{token}", BUTTONS[session.language].withdraw)

    async def answer_whether(self, session: Session, token: str, *, meant: bool) -> Taken:
        words = BUTTONS[session.language]
        return await self._say(session, f"meant:{token}", words.confirm if meant else words.go_on)

    async def rate(self, session: Session, token: str, score: str) -> Taken:
        """``score`` is one of SCORES."""
        return await self._say(session, f"rate:{token}", score)

    async def reopen(self, session: Session, token: str, why: str) -> Taken:
        said = BUTTONS[session.language].not_solved
        return await self._say(session, f"reopen:{token}", f"{said}: {why}" if why.strip() else said)

    async def _say(self, session: Session, token: str, text: str, files: tuple[Attachment, ...] = ()) -> Taken:
        thread = Thread(number=session.number, by=BY, proven=True)
        return await self._taking.take(
            Filled(visit=session.id, token=token, values={}, text=text, files=files, thread=thread)
        )
