"""The flags that a text raises: by cue words, by words that meet, by ages and numbers of people."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from normalizer.lexicon import Hit
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found
from normalizer.urgency import ages as old
from normalizer.urgency import contacts, crowd, spoken
from normalizer.urgency.together import Meeting, meetings

# with one of these begins every age and number of people
NUMERAL = re.compile(r"[\d一二两三四五六七八九十几上百古花耄]")
TOLD_OF_OTHERS = ("data_leak", "fraud", "death", "elderly")  # counts also when staff said it
REPORTABLE = ("self_harm", "safety", "group", "disaster", "media", "illness", "death", "disability", "fraud")
IN_TITLES = ("illness", "disability", "elderly")
KIN = re.compile(r"妈|爸|父|母|爷|奶|婆|公|姥|岳|老伴|老人")


@cached_rule
def by_code() -> dict[str, Any]:
    return {flag["code"]: flag for flag in rules("urgency")["flag"]}


def flags(text: str, hits: list[Hit], today: date | None = None) -> list[Found]:
    """Every flag that the text raises, each once, with the words; without ``today`` it is only searched for danger."""
    quotes, titles = spoken.others_quotes(text), spoken.titles(text)
    found: dict[str, Found] = {}
    for hit in hits:
        code = hit.tag.removeprefix("flag:")
        if hit.tag.startswith("flag:") and code not in found and not _unmeant(text, hit, code, quotes, titles):
            found[code] = Found(value=code, start=hit.start, end=hit.end, rule=f"flag.{code}:{hit.cue}", confidence=0.9)
    for meeting in meetings(text):
        if (
            not meeting.raises.startswith("sign:")
            and meeting.raises not in found
            and not _unsaid(text, meeting, quotes)
        ):
            found[meeting.raises] = _met(meeting)
    _count(text, found, today)
    counts = "repeat" in found and not found["repeat"].rule.startswith("flag.repeat:")
    if not counts and (often := contacts.repeated(text)):
        found["repeat"] = often
    if "death" in found and "elderly" in found and 0 <= found["death"].start - found["elderly"].end < OF_THE_DEAD:
        del found["elderly"]  # 老爷子七月夜里没了
    if "minor" in found and CONSULTED.search(text) and not HAPPENED.search(text):
        del found["minor"]  # a child for whom somebody asks about a product
    if "death" in found and "illness" in found and not PRESENT_ILLNESS.search(text):
        del found["illness"]  # what a person died of is no illness to hurry for
    if today and "illness" in found and "safety" in found and found["safety"].rule == IN_CARE:
        del found["safety"]  # who waits in intensive care is ill, and threatened by nobody; sign:danger keeps it P0
        # (a search for danger in what is not read closely has only flags to tell by, and keeps it)
    return list(found.values())


IN_CARE = "flag.safety.together:intensive+awaited"
OF_THE_DEAD = 14  # characters
CONSULTED = re.compile("咨询|想问|请问|问一下|问问|想了解|打听|想给|区别|哪个好|怎么买|能不能买|推荐")
HAPPENED = re.compile(
    "不赔|拒赔|拒绝|少赔|没赔|未赔|理赔|住院|摔|伤|病|烧|烫|骨折|手术|投诉|举报|扣了|多扣|没退|不退|骗|出险|报案|解约|去世"
)
PRESENT_ILLNESS = re.compile("ICU|重症监护|化疗|透析|靶向")


def _unmeant(text: str, hit: Hit, code: str, quotes: spoken.Spans, titles: spoken.Spans) -> bool:
    if code not in TOLD_OF_OTHERS and spoken.inside(quotes, hit.start):
        return True
    if code in IN_TITLES and spoken.inside(titles, hit.start):
        return True
    if code in REPORTABLE and spoken.reported(text, hit.start):
        return True
    return _denied(text, code, hit.start, hit.end) or (
        code == "self_harm" and spoken.long_past(text, hit.start, hit.end)
    )


def _unsaid(text: str, meeting: Meeting, quotes: spoken.Spans) -> bool:
    code = meeting.raises
    if code not in by_code():
        return spoken.reported(text, meeting.start)
    if code not in TOLD_OF_OTHERS and spoken.inside(quotes, meeting.start) and spoken.inside(quotes, meeting.end - 1):
        return True
    if code in REPORTABLE and spoken.reported(text, meeting.start):
        return True
    return _denied(text, code, meeting.start, meeting.end)


def _denied(text: str, code: str, start: int, end: int) -> bool:
    """Words that threaten may be denied from afar; words of danger only right before them, or as a joke after them."""
    flag = by_code()[code]
    if flag.get("negatable"):
        return spoken.denied(text, start)
    return flag["level"] == "P0" and (spoken.closely_denied(text, start) or spoken.taken_back(text, start, end))


def _met(meeting: Meeting) -> Found:
    return Found(
        value=meeting.raises,
        start=meeting.start,
        end=meeting.end,
        rule=f"flag.{meeting.raises}.together:{'+'.join(meeting.classes)}",
        confidence=0.85,
    )


def _count(text: str, found: dict[str, Found], today: date | None) -> None:
    """The flags that ages and numbers of people raise."""
    if not NUMERAL.search(text):
        return
    this_year = (today or rules("urgency")["effective_from"]).year
    told = old.ages(text, this_year)
    if "death" not in found and (old_one := old.by_number(text, this_year)):
        found.setdefault("elderly", old_one)
    if told:
        if "elderly" in found and old.young(told) and not _of_kin(text, found["elderly"]):
            del found["elderly"]
        if "minor" in found and old.grown_child(text, told):
            del found["minor"]
        for extra in (old.elderly(text, told), old.minor(text, told)):
            if extra:
                found.setdefault(extra.value, extra)
    if (
        "disaster" not in found
        and (group := crowd.group(crowd.crowds(text)))
        and not spoken.reported(text, group.start)
    ):
        found.setdefault("group", group)


def _of_kin(text: str, flag: Found) -> bool:
    return KIN.search(text, max(0, flag.start - 12), flag.end) is not None
