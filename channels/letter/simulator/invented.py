"""People who do not exist, with numbers as real ones are made: GB 11643 check digits, mobile numbers of real ranges."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
RANGES = ("138", "139", "135", "150", "158", "186", "133", "177", "199", "166")
FAMILY, GIVEN = "陈林周吴郑孙胡朱高何", ("建国", "晓明", "丽华", "志强", "秀英", "文博", "雨桐", "海燕")
AREAS = (
    ("320508", "江苏省苏州市姑苏区", "215000"),
    ("310104", "上海市徐汇区", "200030"),
    ("440305", "广东省深圳市南山区", "518052"),
    ("510107", "四川省成都市武侯区", "610041"),
)
STREETS = ("青禾路", "平江街", "望湖巷", "学士弄", "丰收大道")
ELDEST, DAYS = date(1948, 1, 1), 19_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody invented."""

    name: str
    born: date
    woman: bool
    id_number: str
    phone: str
    address: str
    postcode: str


def somebody(seed: int) -> Person:
    """The same person for the same seed."""
    chance = random.Random(seed)
    area, place, postcode = chance.choice(AREAS)
    born, order = ELDEST + timedelta(days=chance.randrange(DAYS)), chance.randrange(1000)
    house = f"{chance.randint(1, 300)}号{chance.randint(1, 30)}幢{chance.randint(1, 6)}02室"
    return Person(
        name=chance.choice(FAMILY) + chance.choice(GIVEN),
        born=born,
        woman=order % 2 == 0,
        id_number=id_number(area, born, order),
        phone=mobile(chance),
        address=f"{place}{chance.choice(STREETS)}{house}",
        postcode=postcode,
    )


def id_number(area: str, born: date, order: int) -> str:
    """Area code, birth date, sequence (odd for men) and the check digit of GB 11643."""
    body = f"{area}{born:%Y%m%d}{order:03d}"
    return body + CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def mobile(chance: random.Random) -> str:
    return f"{chance.choice(RANGES)}{chance.randrange(10**8):08d}"
