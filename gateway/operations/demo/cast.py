"""The people of the demo. All of them are invented; .example domains belong to nobody (RFC 2606)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What a mailbox is for in the play."""

    CUSTOMER = "customer"
    STRANGER = "stranger"  # somebody who knows of a case that is not theirs
    DUTY = "duty"  # who is paged at the insurer's; only receives
    LANDLINE = "landline"  # somebody whom no text message reaches, but a call does
    ABROAD = "abroad"  # somebody whom neither reaches from where our number is
    WITHHELD = "withheld"  # somebody who calls without telling their number


@dataclass(frozen=True, kw_only=True, slots=True)
class Player:
    """Somebody with an address: an openid in WeChat, a mail address, or a number."""

    name: str
    address: str
    part: Part = Part.CUSTOMER


FOLLOWERS = (
    Player(name="张伟", address="oDemoZhangWei00000000000001"),
    Player(name="李娜", address="oDemoLiNa000000000000000002"),
    Player(name="王秀英", address="oDemoWangXiuying00000000003"),
)
DUTY_ADDRESS = "duty@staff.example"
STRANGER_ADDRESS = "nobody@elsewhere.example"
WRITERS = (
    Player(name="陈静", address="chen.jing@mail.example"),
    Player(name="刘强", address="liu.qiang@post.example"),
    Player(name="陌生人", address=STRANGER_ADDRESS, part=Part.STRANGER),
    Player(name="值班人员", address=DUTY_ADDRESS, part=Part.DUTY),
)
WITHHELD = "anonymous"  # what a carrier says of a caller who hides the number
CALLERS = (
    Player(name="周敏", address="+85251234567"),
    Player(name="何志强", address="+85228765432", part=Part.LANDLINE),
    Player(name="孙丽", address="+8613900004567", part=Part.ABROAD),
    Player(name="隐藏号码", address=WITHHELD, part=Part.WITHHELD),
)
AGENT = "+85230005678"  # who is rung when a person is wanted
SURNAMES = "赵钱孙周吴郑冯蒋沈韩杨朱秦许何吕"
ORG_NAME = "示例保险"


def newcomer(count: int) -> Player:
    """One more follower, different from those before."""
    name = f"{SURNAMES[count % len(SURNAMES)]}先生" if count % 2 else f"{SURNAMES[count % len(SURNAMES)]}女士"
    return Player(name=name, address=f"oDemoNewcomer{count:014d}")
