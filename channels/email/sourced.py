"""What the mail server holds: the mails put away lately, by the keys that our ledger has them under, and leftovers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta

from channels.base import Sourced
from channels.email.fetching import Mail, fetched
from channels.email.handover import key_at
from channels.email.limits import Limits
from channels.email.mailbox import Mailbox
from channels.email.settings import EmailSettings
from channels.errors import Misconfigured

OF_A_MAIL = re.compile(r"[0-9a-f]{64}")
OTHER_ZONES = timedelta(days=1)  # SEARCH SINCE knows days of the server's own zone only, RFC 3501 6.4.4


async def sourced(settings: EmailSettings, limits: Limits, since: datetime, until: datetime) -> list[Sourced]:
    """Everything in the mailbox, and what was put away of those that came between two moments. Raises ChannelError."""
    inbox = settings.imap.mailbox
    found = [each async for each in _in_folder(settings, limits, inbox, None)]
    for folder in (settings.processed, settings.quarantine):
        found += [each async for each in _put_away(settings, limits, folder, since)]
    return [each for each in found if each.waits or each.at is None or since <= each.at < until]


async def _put_away(settings: EmailSettings, limits: Limits, folder: str, since: datetime) -> AsyncIterator[Sourced]:
    """Of a folder that is made with the first mail that goes there: without it, nothing went there."""
    try:
        async for each in _in_folder(settings, limits, folder, since):
            yield each
    except Misconfigured:
        return


async def _in_folder(
    settings: EmailSettings, limits: Limits, folder: str, since: datetime | None
) -> AsyncIterator[Sourced]:
    """``since`` None: all that is there, which waits."""
    mailbox = await Mailbox.open(replace(settings.imap, mailbox=folder), limits)
    try:
        uids = await mailbox.uids() if since is None else await mailbox.uids_since((since - OTHER_ZONES).date())
        async with aclosing(fetched(mailbox, uids, limits)) as ranges:
            async for mails in ranges:
                for mail in mails:
                    yield await _sourced(mail, folder, mailbox.uidvalidity, waits=since is None)
    finally:
        await mailbox.close()


async def _sourced(mail: Mail, folder: str, uidvalidity: int, *, waits: bool) -> Sourced:
    """The key of a mail that the server does not give is that of its place, which is another one by now."""
    keyed = mail.raw is not None or waits
    return Sourced(
        kind="mail",
        name=f"{folder} {uidvalidity}/{mail.uid}",
        at=mail.internaldate,
        keys=(await key_at(mail, folder, uidvalidity),) if keyed else (),
        waits=waits,
    )
