"""Every run of digits and letters in a text, told apart: phone, ID, policy, claim, card, case number, other."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from normalizer.extract.grammars import CONTRACTS, grammar_of, label_of
from normalizer.extract.numerals import DIGITS, spoken_digits
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Reading

WRITTEN = re.compile(  # its first character comes first and what stands before is looked at then: 5 times as fast
    r"[A-Za-z0-9+(](?<![A-Za-z0-9@._-].)(?<![A-Za-z]/.)[A-Za-z0-9() .-]{4,60}[A-Za-z0-9](?![A-Za-z0-9@])"
)
SAID = "零〇洞一幺么二两三四五六七拐八九勾0-9"
PAUSE = r"(?:[，,、。 .-]{0,2}|嗯|呃|啊|诶|哦|然后)"
SPOKEN = re.compile(rf"[{SAID}](?:{PAUSE}(?:[两二三四五六]个)?[{SAID}]){{6,}}(?![十百千万块元点毛月])")
REPEATED = re.compile(rf"([两二三四五六])个([{SAID}])")  # 三个八 is 888
CHINESE_DIGITS = re.compile(r"[零〇洞一幺么二两三四五六七拐八九勾]")
SPELLED = re.compile(  # P D A A; 字母P，字母D，两个A
    r"(?<![A-Za-z])(?:(?:(?:大写)?字母|大写)?(?P<times>[两2三3]个|双)?[A-Za-z](?![a-z])(?:[ ，,、-]|的|字母)*){1,6}$"
)
ONE_LETTER = re.compile(r"(?P<times>[两2三3]个|双)?(?P<letter>[A-Za-z])")
TIMES = {"两": 2, "2": 2, "双": 2, "三": 3, "3": 3}
SPELLED_REACH = 30  # characters
HEAD = re.compile(r"[A-Z]{1,6}-?")
ALONE = re.compile(r"(?:^|[\s，,。.、:是为])$")  # where the letters begin a number though no label and no grammar tells
LONG = 10  # digits from which letters said before them belong to them
SAID_X = re.compile(r"[ ，,]?(?:[Xx](?![A-Za-z])|叉|埃克斯|艾克斯|爱克斯)")
YEAR_AT_END = re.compile(r"(?:二零|二〇|20)..$")
LABEL_REACH = 14
LONGEST = 120  # characters of a number said with pauses; more are several
OCR = str.maketrans("lIiO oSBZ", "1110 0582")
PRINTED = frozenset("0123456789lIiOoSBZ")
ID_SHAPE = re.compile(r"\d{17}[\dXx]$")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SPACES = re.compile(r"[ ().\n-]")
WRAPPED = re.compile(r"[ ]{0,4}\n[ ]{0,12}(?=[\dXx])([\d ]{1,24}[\dXx]|[\dXx])(?![\dA-Za-z])")

LISTED = ("年", "月", ".", "、")  # 2026年 and 1、 begin a line of their own
LANDLINE = re.compile(r"0[1-9]\d{9,10}")
HEAD_ABOVE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,6} {0,4}\n {0,12}$")


class Run(NamedTuple):
    """A number as written: ``value`` without spaces, and the kind that the word before it names."""

    value: str
    start: int
    end: int
    label: str  # "", policy_number, claim_number, id_number, case_number, phone, other
    spoken: bool = False
    before: str = ""


def runs(reading: Reading) -> list[Run]:
    """All number runs, those written and those spoken, in order."""
    text = reading.flat
    spoken = [m for m in SPOKEN.finditer(text) if len(CHINESE_DIGITS.findall(m[0])) >= 4]
    found = [run for m in spoken for run in _said(text, m.start(), m.end())]
    taken = [(m.start(), m.end()) for m in spoken]
    over = 0  # what stands before belongs to a number that went on to this line
    for m in WRITTEN.finditer(text):
        if any(m.start() < end and start < m.end() for start, end in taken):
            continue
        pieces = [piece for piece in _pieces(text, m.start(), m.end()) if piece[1] > over]
        found.extend(_run(text, start, end, text[start:end]) for start, end in pieces)
        over = max([over, *(end for _, end in pieces)])
    return sorted(found, key=lambda run: run.start)


def _run(text: str, start: int, end: int, value: str, *, spoken: bool = False) -> Run:
    before = text[max(0, start - LABEL_REACH) : start]
    return Run(value=value, start=start, end=end, label=label_of(before), spoken=spoken, before=before)


def _said(text: str, start: int, end: int) -> list[Run]:
    """Spoken numbers: each group that is whole by itself is one; a year that follows a number is none of it."""
    if text[end : end + 1] == "年" and YEAR_AT_END.search(text, start, end):
        end -= 4
    pieces: list[tuple[int, int]] = []
    for chunk in re.finditer(r"[^，,、。 ]+", text[start:end]):
        begin, stop = start + chunk.start(), start + chunk.end()
        joins = pieces and stop - pieces[-1][0] <= LONGEST
        if joins and not _whole(_digits_of(text, *pieces[-1])) and not _whole(_digits_of(text, begin, stop)):
            pieces[-1] = (pieces[-1][0], stop)
        else:
            pieces.append((begin, stop))
    return [_spelled(text, *part) for piece in pieces for part in _parted(text, *piece)]


def _digits_of(text: str, start: int, end: int) -> str:
    said = REPEATED.sub(lambda m: m[2] * int(DIGITS[m[1]]), text[start:end])
    return spoken_digits(said)


def _parted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A telephone and an ID read out in one breath are two numbers."""
    digits = _digits_of(text, start, end)
    places = [i for i in range(start, end) if text[i] in DIGITS or text[i].isdigit()]
    for first, whole in ((11, mobile().fullmatch), (18, ID_SHAPE.match)):
        rest = digits[first:]
        if len(digits) == len(places) and whole(digits[:first]) and len(rest) >= 7 and _whole(rest):
            return [(start, places[first]), (places[first], end)]
    return [(start, end)]


def _spelled(text: str, start: int, end: int) -> Run:
    """With the letters said before it: 保单号 P D A A 二零二六…."""
    value = _digits_of(text, start, end)
    if len(value) == 17 and (check_digit := SAID_X.match(text, end)):
        return _run(text, start, check_digit.end(), value + "X", spoken=True)
    begin, head = _letters_before(text, start, value)
    return _run(text, begin, end, head + value, spoken=True)


def _letters_before(text: str, start: int, value: str) -> tuple[int, str]:
    """Where the letters begin that are said before these digits, and the letters; ``start`` and none."""
    letters = SPELLED.search(text[max(0, start - SPELLED_REACH) : start])
    if letters is None:
        return start, ""
    begin = start - len(letters[0])
    said = ONE_LETTER.finditer(letters[0].upper())
    head = "".join(one["letter"] * TIMES.get((one["times"] or "")[:1], 1) for one in said)
    before = text[max(0, begin - LABEL_REACH) : begin]
    belong = grammar_of(head + value) or label_of(before) in CONTRACTS or _alone(letters[0], value, before)
    return (begin, head) if belong else (start, "")


def _alone(letters: str, value: str, before: str) -> bool:
    """T 二零二六…: capitals by themselves before so many digits that are no telephone and no ID."""
    other = mobile().fullmatch(value) or id_is_valid(value)
    return letters.isascii() and letters.isupper() and len(value) >= LONG and not other and bool(ALONE.search(before))


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """One run may hold several numbers side by side: a mobile number and a policy, a name and a number."""
    chunks = [(m.start() + start, m.end() + start) for m in re.finditer(r"[^ ]+", text[start:end])]
    pieces: list[tuple[int, int]] = []
    for begin, stop in chunks:
        word = text[begin:stop]
        joins = pieces and _digity(word) and _digity(text[pieces[-1][0] : pieces[-1][1]])
        check_digit = word in ("X", "x") and pieces and id_is_valid(SPACES.sub("", text[pieces[-1][0] : stop]))
        if check_digit or (joins and not _whole(text[pieces[-1][0] : pieces[-1][1]]) and not _whole(word)):
            pieces[-1] = (pieces[-1][0], stop)
        else:
            pieces.append((begin, stop))
    headed = [_headed(text, pieces[:place], piece) for place, piece in enumerate(pieces)]
    above = [(_head_above(text, a, b), b) for a, b in headed]
    begun = [(a, b) for a, b in above if _digity(text[a : a + 1]) or _number(text[a:b]) or text[b : b + 1] == "\n"]
    wrapped = [(a, _wrapped(text, a, b)) for a, b in begun]
    return [(a, b) for a, b in wrapped if _number(text[a:b])]


def _number(word: str) -> bool:
    return sum(c.isdigit() for c in word) >= 5 or _whole(word)


def _headed(text: str, previous: list[tuple[int, int]], piece: tuple[int, int]) -> tuple[int, int]:
    """GC 0023 7716 0485, P D A A 2026…: letters set apart belong to the number where a label or a grammar says so."""
    begin = piece[0]
    for start, end in reversed(previous):
        if not HEAD.fullmatch(text, start, end):
            break
        begin = start
    if begin == piece[0]:
        return piece
    whole = SPACES.sub("", text[begin : piece[1]])
    before = text[max(0, begin - LABEL_REACH) : begin]
    return (begin, piece[1]) if grammar_of(whole) or label_of(before) in CONTRACTS else piece


def _head_above(text: str, start: int, end: int) -> int:
    """Where the number begins: 保单号PDAA at the end of a line, its digits on the next."""
    head = HEAD_ABOVE.search(text, max(0, start - SPELLED_REACH), start)
    return head.start() if head and grammar_of(SPACES.sub("", text[head.start() : end])) else start


def _wrapped(text: str, start: int, end: int) -> int:
    """Where the number ends: on the next line when only both lines together are an ID, or a labelled number goes on."""
    if text[end : end + 1] not in (" ", "\n") or not (more := WRAPPED.match(text, end)):
        return end
    here = SPACES.sub("", text[start:end])
    both = here + more[1].replace(" ", "")
    if id_is_valid(both):
        return more.end()
    goes_on = not _whole(here) and not _whole(more[1]) and text[more.end() : more.end() + 1] not in LISTED
    return more.end() if goes_on and _is_one(here, both, label_of(text[max(0, start - LABEL_REACH) : start])) else end


def _is_one(here: str, both: str, label: str) -> bool:
    """Whether the first line alone is not what its label promises, and both lines together are."""
    if label in CONTRACTS:
        return (here.isdigit() and len(both) <= 24) or (grammar_of(both) == label and not grammar_of(here))
    return bool(mobile().fullmatch(both) or (label == "phone" and LANDLINE.fullmatch(both)))


def _digity(word: str) -> bool:
    """Mostly digits, or what bad print makes of them: l3O."""
    if word in ("l", "I", "O", "o"):
        return True
    plain = word.replace(" ", "")
    digits = sum(c.isdigit() for c in plain)
    return digits * 2 >= len(plain) > 0 or (digits > 0 and PRINTED.issuperset(plain))


def _whole(word: str) -> bool:
    """A number that needs no neighbour: a mobile number or an ID."""
    plain = SPACES.sub("", word)
    return len(plain) >= 11 and bool(mobile().fullmatch(plain.translate(OCR)) or ID_SHAPE.match(plain))


@cached_rule
def mobile() -> re.Pattern[str]:
    return re.compile(r"(?:\+?86)?(" + rules("identifiers")["phone"]["mobile"] + ")")


def id_is_valid(number: str) -> bool:
    """GB 11643 check digit and a real birth date; the district is information only (codes came and went)."""
    if not ID_SHAPE.match(number):
        return False
    total = sum(int(c) * w for c, w in zip(number, WEIGHTS, strict=False))
    if "10X98765432"[total % 11] != number[17].upper():
        return False
    return birth_date(number) is not None


def birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
