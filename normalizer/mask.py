"""What others may see of a person's data, the way Chinese notices show it."""

from __future__ import annotations

import re

COMPOUND = re.compile(
    r"^(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|夏侯|西门|闻人|端木|百里|南宫|轩辕|澹台)"
)
HIDDEN = "*"
SHOWN_END = 2  # at most: the last four of a telephone or identity paper prove who somebody is


def mask_name(name: str) -> str:
    """张三 → 张*, 张小三 → 张*三, 欧阳锋 → 欧阳*; an organisation keeps both ends."""
    if len(name) <= 1:
        return HIDDEN if name else ""
    if len(name) > 6 or "·" in name:
        return _middle(name, 2, 2)
    compound = COMPOUND.match(name)
    kept = 2 if compound and len(name) > 2 else 1
    given = name[kept:]
    if len(given) == 1:
        return name[:kept] + HIDDEN
    return name[:kept] + HIDDEN * (len(given) - 1) + given[-1]


def mask_phone(phone: str) -> str:
    """+8613812345678 → 138******78; a landline shows its area and last two digits."""
    national = phone.removeprefix("+86")
    if len(national) == 11 and national.startswith("1"):
        return _middle(national, 3, SHOWN_END)
    return _middle(phone, 5, SHOWN_END)


def mask_email(address: str) -> str:
    """zhang@qq.com → z***@qq.com."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}***{at}{domain}" if at else _middle(address, 1, 0)


def mask_id(number: str) -> str:
    """110101199003074514 → 1****************4."""
    return _middle(number, 1, 1)


def mask_number(number: str) -> str:
    """A policy, claim or card number keeps its last two; how long it is says nothing worth a line of stars."""
    return HIDDEN * 4 + number[-SHOWN_END:] if len(number) > 4 else HIDDEN * len(number)


def mask_plate(plate: str) -> str:
    """苏E5K281 → 苏E***81: province and city stay, and what tells two cars apart."""
    return _middle(plate, 2, 2)


def mask_address(address: str) -> str:
    """Province and city stay, the street does not."""
    area = re.match(r".{1,9}?(?:省|自治区|市)(?:.{1,8}?(?:市|区|县))?", address)
    return (area[0] if area else address[:3]) + "****" if address else ""


def _middle(value: str, head: int, tail: int) -> str:
    hidden = len(value) - head - tail
    if hidden <= 0:
        return HIDDEN * len(value)
    return value[:head] + HIDDEN * hidden + value[len(value) - tail :]
