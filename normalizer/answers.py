"""Which bare replies really answer, and what of them may be written down."""

from __future__ import annotations

import re
from dataclasses import replace

from normalizer import heard as bare
from normalizer.extract.request import outright, wish_begins, wishes
from normalizer.extract.statement import announces
from normalizer.heed import Heeded
from normalizer.merge import CORRECTION, PRINCIPAL
from normalizer.message import Message, answered
from normalizer.record import Complaint, Intent, Method
from normalizer.text import Found

ASKED_OPENLY = ("matter", "request", None)
TELLS_MORE = 6  # characters of a reply that is no wish, from which it may tell more of what happened
HEAD = re.compile(r"(?:叫|让|请|要求?)你们(?:的)?(?:领导|经理|老板|负责人|主管|老总)")
CALLS = re.compile(r"打(?:个)?电话|回(?:个)?电话?|来电|联系|致电")
NOW = re.compile(r"人工|真人|活人|机器|坐席|座席|转接|有人[吗在]|客服在|human|person|agent", re.I)
STORY_FIRST = "request.answer.after_story"
EDGES = " ，,。!！;；、~\n"


def weighed(heeded: Heeded, so_far: Complaint | None, asked: str | None) -> Heeded:
    """The same message without what only looks like an answer."""
    if asked in ASKED_OPENLY and _empty(heeded, asked):
        return _other(heeded)
    if asked == "request" and (_wants_their_head(heeded) or _of_calls(heeded)):
        heeded = replace(
            heeded,
            intent=Intent.SUPPLEMENT,
            rule="intent.answer",
            message=answered(heeded.message, heeded.reading, "request"),
        )
    fields = dict(heeded.message.fields)
    if asked == "matter" and announces(heeded.reading.flat.strip()):
        fields.pop("matter", None)
    if heeded.declined and asked:
        fields.pop("matter", None)
        fields.pop("request", None)
    changing = bare.correcting(heeded.reading.flat.strip()) if so_far and asked not in ("matter", "request") else ""
    if changing and changing not in fields and "request" in fields:  # 改一下电话 is said to us, about the record
        del fields["request"]
        heeded = replace(heeded, intent=Intent.SUPPLEMENT, rule="intent.correction")
    if changing in fields:
        fields.pop("matter", None)
        heeded = replace(heeded, intent=Intent.SUPPLEMENT, rule="intent.correction")
    if asked == "request" and not _is_request(heeded, so_far):
        fields.pop("request", None)
    elif asked == "request":
        fields["request"] = [_wish_alone(one, heeded) for one in fields.get("request", [])]
    if "request" in fields:
        fields["request"] = _civil([_without_name(one, fields, heeded) for one in fields["request"]], heeded)
    if so_far and so_far.value("party_role") == "agent":
        fields["complainant_name"] = _principal_first(heeded, so_far)
    return heeded if fields == heeded.message.fields else replace(heeded, message=_with(heeded.message, fields))


def tells_more(heeded: Heeded, asked: str | None) -> bool:
    """Asked what they want, somebody goes on telling what happened."""
    wanted = heeded.message.best("request")
    silent = heeded.declined or heeded.agreed is not None or (wanted and wanted.rule != STORY_FIRST)
    return asked == "request" and not silent and len(heeded.reading.flat.strip()) >= TELLS_MORE


def _with(message: Message, fields: dict[str, list[Found]]) -> Message:
    return replace(message, fields={name: values for name, values in fields.items() if values})


def _empty(heeded: Heeded, asked: str | None) -> bool:
    text = heeded.reading.flat.strip()
    if heeded.submission.gesture is not None or not text or heeded.flags:
        return False
    if asked is None:
        return False  # the rules of intent have seen it
    return bare.says_nothing(text) or bare.few_digits(text)


def _other(heeded: Heeded) -> Heeded:
    kept = {k: v for k, v in heeded.message.fields.items() if k not in ("matter", "request")}
    intent = heeded.intent if heeded.intent is Intent.HUMAN else Intent.OTHER
    return replace(heeded, intent=intent, rule="intent.nothing_said", message=_with(heeded.message, kept))


def _is_request(heeded: Heeded, so_far: Complaint | None) -> bool:
    text = heeded.reading.flat.strip()
    if any(one.rule == "request.cue" for one in heeded.message.fields.get("request", [])):
        return True
    told_before = so_far is not None and heeded.reading.raw.strip() == so_far.value("matter").strip()
    return not told_before and (wishes(text) or outright(text))


def _wish_alone(one: Found, heeded: Heeded) -> Found:
    """11月2号追尾，定损才给1800元，按报价重新定损: only the end of it is what they want."""
    begin = wish_begins(heeded.reading.flat[one.start : one.end])
    if not begin:
        return one
    begin += one.start
    return one._replace(start=begin, value=heeded.reading.words(begin, one.end), rule=STORY_FIRST)


def _without_name(one: Found, fields: dict[str, list[Found]], heeded: Heeded) -> Found:
    """查清楚是谁泄露的，车晓: the name that follows is no part of what they want."""
    for name in fields.get("complainant_name", []):
        rest = heeded.reading.words(name.start, one.end) if one.start < name.start < one.end else ""
        before = one.value.removesuffix(rest).rstrip(EDGES)
        if rest and name.end >= one.end - 1 and before and before != one.value and rest != one.value:
            return one._replace(end=name.start, value=before)
    return one


def _wants_their_head(heeded: Heeded) -> bool:
    """叫你们领导出来, asked what they want, is the answer and no wish to leave the machine."""
    text = heeded.reading.flat
    return heeded.intent is Intent.HUMAN and bool(HEAD.search(text)) and wishes(text)


def _of_calls(heeded: Heeded) -> bool:
    """不要再打电话给我, 打电话给我道歉: asked what they want, somebody speaks of calls to come and not of this one."""
    text = heeded.reading.flat
    if heeded.intent is not Intent.HUMAN or NOW.search(text) or not CALLS.search(text):
        return False
    return wishes(text) or outright(text)


def _civil(found: list[Found], heeded: Heeded) -> list[Found]:
    """A request is shown to its writer and to staff: the swear words in it stay in the text alone."""
    words = {heeded.reading.words(hit.start, hit.end) for hit in heeded.hits if hit.tag == "flag:abuse"}
    if not words:
        return found
    swear = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    civil = [one._replace(value=_tidy(swear.sub("", one.value))) for one in found]
    return [one for one in civil if len(one.value) >= 2]


def _tidy(text: str) -> str:
    return re.sub(r"[，,]{2,}", "，", text).strip(EDGES)


def _principal_first(heeded: Heeded, so_far: Complaint) -> list[Found]:
    """我妈叫陈玉兰，我叫林小雨: who speaks for another is not the one who complains."""
    names = heeded.message.fields.get("complainant_name", [])
    principals = [one.found for one in heeded.message.named if one.found.rule.startswith(PRINCIPAL)]
    unasked = not names and so_far.value("complainant_name") and not CORRECTION.search(heeded.reading.flat)
    if not principals or unasked:
        return names
    method = names[0].method if names else Method.RULE
    words = heeded.reading.words
    first = [one._replace(value=words(one.start, one.end), method=method) for one in principals]
    return [*first, *(one for one in names if one.value not in {p.value for p in first})]
