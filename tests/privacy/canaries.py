"""Invented people whose every word is easily found again, however it was written down."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"  # GB 11643
NAMES = ("欧阳晏如", "司马砚秋", "诸葛霁初", "慕容栖迟", "上官听澜", "夏侯知微", "尉迟疏影", "皇甫念北")
WORDS = ("琥珀蜻蜓", "青铜纸鸢", "琉璃海螺", "玄铁芦笛", "檀木陀螺", "珊瑚算盘", "翡翠竹蜓", "玛瑙木屐")


@dataclass(frozen=True, kw_only=True, slots=True)
class Canary:
    """One person, by the place of the list at which they stand."""

    name: str
    phone: str
    id_number: str
    policy: str
    email: str
    openid: str
    word: str
    file: str

    @property
    def story(self) -> str:
        """A whole complaint, in their own words."""
        return (
            f"我叫{self.name}，手机{self.phone}，身份证号{self.id_number}，保单号{self.policy}，"
            f"邮箱{self.email}。车险理赔拖了两个月还没赔，{self.word}，要求尽快赔付五万元"
        )

    @property
    def secrets(self) -> Mapping[str, str]:
        """What nobody but staff with the right may read, by what it is."""
        return {
            "name": self.name,
            "phone": self.phone,
            "ID number": self.id_number,
            "policy": self.policy,
            "mail address": self.email,
            "openid": self.openid,
            "words": self.word,
            "file name": self.file,
        }


def canary(place: int) -> Canary:
    digits = f"11010119900307{451 + place:03d}"
    check = CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]
    return Canary(
        name=NAMES[place],
        phone=f"1397{place}46{place}82{place}"[:11],
        id_number=digits + check,
        policy=f"PA2026{place}83104{place}7",
        email=f"kanari.{place}.yanque@qq.example",
        openid=f"oKanari{place}VogelImBergwerk0000",
        word=WORDS[place],
        file=f"{WORDS[place][::-1]}{NAMES[place]}的身份证.jpg",
    )


def traces(secret: str, output: bytes) -> bool:
    """Does this output hold it, as it is or as logs, URLs, pages and envelopes write it?"""
    return any(form in output for form in _forms(secret))


def _forms(secret: str) -> Iterator[bytes]:
    plain = secret.encode()
    yield plain
    yield secret.encode("utf-16-le")
    yield json.dumps(secret)[1:-1].encode()
    yield quote(secret).encode()
    yield repr(plain)[2:-1].encode()
    for ahead in range(3):  # in base64 it looks different by where it begins
        yield base64.b64encode(b"\0" * ahead + plain)[ahead and 4 : -4]
