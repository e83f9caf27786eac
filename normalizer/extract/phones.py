"""Telephone numbers, and whose they are."""

from __future__ import annotations

import re

from normalizer.extract.runs import OCR, SPACES, Run, mobile
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found, Reading

EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|x)\s*\d{1,6}", re.I)
SPEAKER = re.compile(r"\s*(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s*)?(?P<who>[^，。:：;!?\n]{1,14})[:：]")
OTHERS = re.compile(
    r"业务员|经理|客服|理赔员|查勘员|定损员|顾问|专员|主管|销售|代理人|员工|老师|群主|医生|修理厂|师傅|对方|司机"
)
THEIRS = re.compile(
    r"[^，。\n]{0,4}(?:打来|打给我|骚扰|停机|不用了|停用|是他|是她)"
    rf"|[ (]?(?:是|为)?(?:你们|贵司|那个|这个)?(?:的)?(?:{OTHERS.pattern})"
)
OWN = re.compile(r"^(?:委托)?代理人$|受托|投诉|反映|电话|手机|联系|号码|本人|我|客户")
QUOTED = re.compile(r'\s*(?:“[^”\n]*”|"[^"\n]*"|「[^」\n]*」|《[^》\n]*》)')  # what was said ends before the number
THEIR_PHONE = re.compile(r"(?P<whose>[他她])(?:本人|自己)?的?(?:联系)?(?:手机|电话|号码)(?:号码?)?(?:[是为:]|\s)*$")
KIN_REACH = 160
WHO = re.compile(
    r"(?P<she>老婆|妻子?|太太|媳妇|妈|母|婆婆|女儿|闺女|岳母|奶奶|姥姥|外婆|(?<!小)(?<!小姐)[姐妹]|姑[姑妈]|姨|孙女)"
    r"|(?P<he>老公|丈夫|(?<=我)先生|爸|父|公公|儿子|女婿|岳父|爷|外公|[哥弟]|叔|舅|孙子)"
    rf"|(?P<they>爱人|老伴|对象|孩子|老人|岳)|(?P<other>{OTHERS.pattern})"
)
BEHIND = re.compile(r"(?<=\d{3})-\d{1,5}$")  # 0576-8899 2316-802
SHAPES = re.compile(r"[\dlIiOoSBZ+() .\n-]+$")


@cached_rule
def landline() -> re.Pattern[str]:
    return re.compile(r"(?:\+?86)?0?(" + rules("identifiers")["phone"]["area"] + r")([2-8]\d{6,7})")


def phones(reading: Reading, found_runs: list[Run]) -> list[Found]:
    """Numbers by which the customer can be reached, the surest first."""
    found: list[tuple[int, Found]] = []
    for run in found_runs:
        number = (
            e164(run.value) if run.label in ("", "phone", "other") or mobile().fullmatch(_plain(run.value)) else None
        )
        if number and run.label not in ("policy_number", "claim_number", "id_number", "case_number"):
            found.append(
                (_mine(reading.flat, run), Found(value=number, start=run.start, end=run.end, rule="phone.number"))
            )
    owned = [entry for entry in found if entry[0] > 0] or _relatives(reading.flat, found)
    return [phone for _, phone in sorted(owned, key=lambda entry: -entry[0])]


def _relatives(flat: str, found: list[tuple[int, Found]]) -> list[tuple[int, Found]]:
    """With no number of one's own, that of the relative one speaks for is the contact."""
    return [
        (1, phone._replace(rule="phone.spoken_for", confidence=0.7))
        for _, phone in found
        if _of_the_one_spoken_for(flat, phone.start)
    ]


def e164(text: str) -> str | None:
    """A Chinese mobile or landline number as E.164, None when it is none; letters of bad print are read as digits."""
    if not SHAPES.match(text):
        return None
    plain = _plain(text)
    match = mobile().fullmatch(plain)
    if match:
        return f"+86{match[1]}"
    return _landline(text, plain)


def _landline(text: str, plain: str) -> str | None:
    match = landline().fullmatch(plain)
    if match is None and (extension := BEHIND.search(text)):
        match = landline().fullmatch(_plain(text[: extension.start()]))
    if match is None or not (plain.startswith(("0", "+86", "860")) or text.startswith("(")):
        return None
    area, local = match[1], match[2]
    wanted = 8 if len(area) == 2 else (7, 8)
    fits = len(local) == wanted if isinstance(wanted, int) else len(local) in wanted
    return f"+86{area}{local}" if fits else None


def _plain(text: str) -> str:
    return SPACES.sub("", text.translate(OCR))


def _spoken_by_another(flat: str, place: int) -> bool:
    """业务员赵磊：放心，电话138…: a line of a chat that somebody else wrote."""
    line = flat[flat.rfind("\n", 0, place) + 1 : place]
    match = SPEAKER.match(line)
    if match is None or QUOTED.match(line, match.end()):
        return False
    return bool(OTHERS.search(match["who"]) and not OWN.search(match["who"]))


def _of_the_one_spoken_for(flat: str, place: int) -> bool:
    """我替我爱人反映…她手机139…: of a relative named before, not of the agent."""
    before = flat[max(0, place - KIN_REACH) : place]
    if not (pronoun := THEIR_PHONE.search(before)):
        return False
    never = "she" if pronoun["whose"] == "他" else "he"
    people = [who.lastgroup for who in WHO.finditer(before, 0, pronoun.start()) if who.lastgroup != never]
    return bool(people) and people[-1] != "other"


def _mine(flat: str, run: Run) -> int:
    """How surely the number is the customer's own: 0 when the words before it name somebody else's."""
    data = rules("identifiers")["phone"]
    clause = re.split(r"[，。;!?\n]", flat[max(0, run.start - 16) : run.start])[-1]
    if any(_forbids(word, clause) for word in data["not_mine"]) and not any(
        word in clause for word in ("打我", "改成", "换成", "改为")
    ):
        return 0
    if _spoken_by_another(flat, run.start):
        return 0
    after = flat[run.end : run.end + 8]
    if THEIRS.match(after):
        return 0
    return 2 if any(word in clause for word in data["mine"]) else 1


def _forbids(word: str, clause: str) -> bool:
    """从139…改成138…: a word of one character stands directly before the number, else it is part of a name (计从心)."""
    return word in clause if len(word) > 1 else clause.rstrip(" :").endswith(word)
