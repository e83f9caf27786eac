"""Other values of a field in the same letter, where nothing tells which one is meant."""

from __future__ import annotations

from normalizer.record import Complaint, Field
from normalizer.seen.looks import plain
from normalizer.seen.people import part

SURE = 0.7  # below it a value is a guess of ours
MOBILE = "+861"


def rivals(name: str, field: Field, record: Complaint) -> list[Field]:
    """Those that could as well be the one."""
    return [one for one in record.others.get(name, ()) if one.item == field.item and _is_rival(name, field, one)]


def proposed(name: str, record: Complaint) -> list[Field]:
    """What a number that fits no grammar may have been misread from."""
    return [one for one in record.others.get(name, ()) if one.rule == f"{name}.candidate"]


def _is_rival(name: str, field: Field, other: Field) -> bool:
    if other.confidence < SURE or plain(name, other.value) == plain(name, field.value):
        return False
    if name == "phone":  # who gives a mobile number and a landline is reached by both
        return _is_mobile(other) == _is_mobile(field)
    if name == "complainant_name":
        return part(other) == part(field) and not _is_piece(field.value, other.value)
    return name != "address" or other.confidence >= field.confidence  # 联系地址 is meant, not 户籍地址


def _is_mobile(phone: Field) -> bool:
    return phone.value.startswith(MOBILE) and phone.value[4:5] in "3456789" and len(phone.value) == 14


def _is_piece(one: str, other: str) -> bool:
    """李晓 and 李晓明: a name and its beginning."""
    return one in other or other in one
