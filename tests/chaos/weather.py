"""What goes wrong at the providers while the gateways are killed: a little of everything, by the dice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from channels.email.simulator.faults import Kind as MailKind
from channels.phone.simulator.faults import Fault as PhoneFault
from channels.phone.simulator.faults import Kind as PhoneKind
from channels.wechat.simulator.faults import Fault as WeChatFault
from channels.wechat.simulator.faults import Kind as WeChatKind
from tests.chaos.people.around import Around

Trouble = Callable[[Around], None]


def _wechat(endpoint: str, kind: WeChatKind, code: int = 0) -> Trouble:
    return lambda around: around.wechat.inject(WeChatFault(endpoint=endpoint, kind=kind, code=code))


def _phone(endpoint: str, kind: PhoneKind) -> Trouble:
    return lambda around: around.carrier.inject(PhoneFault(endpoint=endpoint, kind=kind))


def _smtp(command: str, kind: MailKind, answer: str = "") -> Trouble:
    return lambda around: around.mail.smtp_faults.plan(command, kind, answer=answer)


def _imap(command: str, kind: MailKind) -> Trouble:
    return lambda around: around.mail.imap_faults.plan(command, kind)


def _habit(name: str, value: object) -> Trouble:
    return lambda around: setattr(around.carrier.habits, name, value)


TROUBLES: dict[str, Trouble] = {
    # done, and nobody learns of it
    "wechat message cut off after it was taken": _wechat("message/custom/send", "drop"),
    "wechat template cut off after it was taken": _wechat("message/template/send", "drop"),
    "text message timed out after it was taken": _phone("POST Messages", "timeout_after_acceptance"),
    "text message cut off after it was taken": _phone("POST Messages", "drop_connection"),
    "mail taken, answer lost": _smtp("DATA", MailKind.LOSE_ANSWER),
    "mail moved, answer lost": _imap("UID MOVE", MailKind.LOSE_ANSWER),
    # not now
    "wechat 500": _wechat("message/custom/send", "http", 500),
    "wechat 429": _wechat("message/custom/send", "http", 429),
    "carrier 500": _phone("*", "http_500"),
    "carrier 429": _phone("POST Messages", "http_429"),
    "smtp 451": _smtp("RCPT", MailKind.REFUSE, "451 4.7.1 greylisted"),
    "smtp 421": _smtp("MAIL", MailKind.REFUSE, "421 4.3.2 closing"),
    # a wrong answer inside 200
    "wechat busy, in 200": _wechat("message/custom/send", "errcode", -1),
    "wechat too often, in 200": _wechat("message/custom/send", "errcode", 45009),
    "wechat token over, in 200": _wechat("message/custom/send", "errcode", 42001),
    "wechat page instead of an answer": _wechat("*", "garbage"),
    "carrier page instead of an answer": _phone("*", "garbage_in_200"),
    # slow
    "wechat drips": _wechat("message/custom/send", "drip"),
    "carrier drips": _phone("Audio", "slow_drip"),
    "imap drips": _imap("UID FETCH", MailKind.DRIP),
    # cut in the middle
    "mail breaks off while it is read": _imap("UID FETCH", MailKind.CUT),
    "mailbox resets": _imap("UID SEARCH", MailKind.RESET),
    "mail servers restart": lambda around: around.mail.hang_up(),
    # callbacks: doubled, dropped, in the wrong order
    "wechat delivers twice": _wechat("push", "drop"),
    "wechat forgets a receipt": _wechat("receipt", "drop"),
    "step told twice": _phone("webhook /in/phone/step", "drop_connection"),
    "call told twice": _phone("webhook /in/phone/call", "timeout_after_acceptance"),
    "step's answer lost": _phone("webhook /in/phone/step", "http_500"),
    "ends told twice": _habit("progress", ("completed", "completed")),
    "ends not told": _habit("progress", ()),
    "ends told": _habit("progress", ("completed",)),
    "recordings told twice": _habit("recording_news", "twice"),
    "recordings not told": _habit("recording_news", "lost"),
    "recordings told early": _habit("recording_news", "before"),
    "texts' news doubled and late": _habit("sms_news", ("delivered", "sent", "delivered")),
    "texts' news not told": _habit("sms_news", ()),
}


class Weather:
    """Seeded: the same dice bring the same troubles."""

    def __init__(self, around: Around, dice: random.Random) -> None:
        self._around = around
        self._dice = dice
        self.had: Counter[str] = Counter()

    def turn(self, troubles: int) -> None:
        """So many more."""
        for name in self._dice.choices(list(TROUBLES), k=troubles):
            TROUBLES[name](self._around)
            self.had[name] += 1

    def clear(self) -> None:
        """What has not happened yet will not."""
        around = self._around
        around.wechat.platform.faults.ordered.clear()
        around.wechat.pusher.faults.ordered.clear()
        around.mail.imap_faults.clear()
        around.mail.smtp_faults.clear()
        around.carrier.exchange.faults.ordered.clear()
        for habit in ("ends told", "recordings told early", "texts' news doubled and late"):
            TROUBLES[habit](around)
