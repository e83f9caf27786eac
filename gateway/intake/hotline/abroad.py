"""Telephone numbers as callers from Hong Kong, Macao, Taiwan and elsewhere give them: without their country's code.

What is a number is decided by the numbering plans (phonenumbers, Google's libphonenumber), not by us.
"""

from __future__ import annotations

import re
from dataclasses import replace

import phonenumbers

from gateway.intake.scene import Scene
from normalizer.completeness import missing
from normalizer.extract.numerals import spoken_digits
from normalizer.record import Field, Method

DIGITS = re.compile(r"\+?[0-9零〇洞一幺么二两三四五六七八九](?:[\s，,-]?[0-9零〇洞一幺么二两三四五六七八九]){5,16}")
ABOUT_A_NUMBER = re.compile(r"电话|电話|手机|手機|号码|號碼|phone|number", re.IGNORECASE)
ASKED = frozenset({"contact", "phone"})


def take_number(scene: Scene) -> None:
    """A number in answer to our question, or in place of the one read back, if it is one where the caller is."""
    text, talk = scene.submission.text, scene.talk
    meant = talk.asked in ASKED or (talk.asked == "confirm" and ABOUT_A_NUMBER.search(text))
    if not meant or "phone" in scene.record.heard.fields:
        return
    found = next((number for number in map(_plain, DIGITS.findall(text)) if _valid(number, scene)), "")
    if found:
        _put(scene, _valid(found, scene), found)


def _plain(words: str) -> str:
    digits = re.sub(r"\D", "", spoken_digits(re.sub(r"[\s，,-]", "", words)))
    return f"+{digits}" if words.startswith("+") else digits


def _valid(number: str, scene: Scene) -> str:
    """E.164, read as somebody near the caller, or near the hotline, would dial it; empty when it is none."""
    for region in _regions(scene):
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return ""


def _regions(scene: Scene) -> list[str]:
    near = [scene.submission.sender.value, scene.house.settings.phone_number]
    return [region for region in map(_region, near) if region]


def _region(number: str) -> str:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""


def _put(scene: Scene, number: str, source: str) -> None:
    """In place of another that was given before; what the person says last about themselves stands."""
    record = scene.record
    method = Method.ANSWER if scene.talk.asked in ASKED else Method.RULE
    given = Field(value=number, source=source, method=method, rule="phone.abroad", item=scene.submission.key)
    corrected = frozenset({"phone"}) if record.value("phone") not in ("", number) else frozenset()
    heard = replace(record.heard, fields=record.heard.fields | {"phone"}, corrected=record.heard.corrected | corrected)
    record = replace(record.with_field("phone", given), heard=heard)
    scene.record = replace(record, missing=missing(record, scene.submission.sender))
