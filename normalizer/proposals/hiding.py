"""A text as it may leave the house: every identifier covered, character for character, so that places hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from normalizer.extract.numerals import DIGITS
from normalizer.record import Complaint, Field, Span
from normalizer.rulebook import cached_rule
from normalizer.text import fold

COVER = "▇"  # never part of a value: what it stands for was not shown
BETWEEN = "\n"  # between two messages; a number that goes on in the next message is one number

# Fields whose known values are covered wherever they stand. A name is, too, once nobody has to look for it.
IDENTIFYING = ("phone", "email", "id_number", "policy_number", "claim_number", "uscc", "plate", "bank_card", "address")
NAMING = ("complainant_name", "organisation")
SHORTEST = 2  # characters: a single one stands in too many words that do not mean it

# What people put between the digits of one number: marks and blanks, and what is said while the next ones are read out.
_GAP = r"(?:[\W_]|[嗯呃额啊哦诶欸噢唉]|那个|这个|然后|后面|接着|接下来|就是|再|是|横?杠|横线|空格|转|分机){0,3}"
_WORD = r"(?:ZERO|OH|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE)"
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

# An e-mail address, also as it is said: wang点wei圈qq点com. It begins where nothing of it stands before.
_PART = r"[A-Z0-9._%+点-]"
_APART = r"(?:\s{1,3}(?:[.点]|DOT)\s{0,3}|(?<=[.点])\s{1,3})"
_AT = r"(?:@|[(（\[]AT[)）\]]|艾特|圈A?|小老鼠)"
_HOST = r"[A-Z0-9-]{1,64}"

# Over the comparable form: digits in any script or spoken are 0-9, letters capitals of half width. All repeats are
# bounded or step over what they took: a hostile text costs no more than another.
# Covering too much costs the model a word; too little tells a stranger who somebody is.
NUMBER_WORD = re.compile(r"[A-Z0-9](?:[._/+-]?[A-Z0-9])+")
LOOKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:T\s?S[\s:-]{{0,3}})?\d(?:{_GAP}\d){{4,}}(?:{_GAP}X)?",  # five digits and more, written or spoken
        rf"(?<!{_PART}){_PART}++(?:{_APART}{_PART}++){{0,3}}\s{{0,3}}{_AT}\s{{0,3}}{_HOST}"
        rf"(?:\s{{0,3}}(?:\.|点|DOT)\s{{0,3}}{_HOST}){{0,5}}",
        # A bare "at" is a word, too: only before something like a domain.
        rf"(?<!{_PART}){_PART}{{1,64}}(?:{_APART}{_PART}{{1,64}}){{0,3}}(?:AT|\s{{1,3}}AT\s{{1,3}}){_HOST}"
        rf"(?:(?:\.|\s{{0,3}}(?:点|DOT)\s{{0,3}}){_HOST}){{0,4}}(?:\.|\s{{0,3}}(?:点|DOT)\s{{0,3}})[A-Z]{{2,64}}",
        r"(?:尾号|[后末](?:面|尾)?4位)\D{0,6}\d{4}",  # the last four open a case to whoever asks about its progress
        r"(?:HTTPS?|FTP)://\S+|WWW\.\S+",
        rf"[{_PROVINCE}]\s?[A-Z][\s·.・•-]{{0,2}}(?:[A-Z0-9]\s?){{4,6}}[警学挂港澳领]?",
        rf"{_WORD}(?:[\s,.-]{{1,3}}{_WORD}){{4,}}",
        r"(?:WX|VX|微信号?|QQ号?|支付宝号?|账号|帐号)[\s:：,，是为]{0,4}[A-Z0-9][A-Z0-9_-]{3,30}",
    )
)
CONFUSED = frozenset("OILSBZQ")  # what bad print makes of 0, 1, 5, 8 and 2
FEWEST = 4  # digits, or letters that print makes of them, that make a word of letters and digits a number


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One message in the customer's own words; ``item`` is the key of the submission it came in."""

    text: str
    item: str = ""
    part: str = "text"


@dataclass(frozen=True, kw_only=True, slots=True)
class Masked:
    """What may leave the house, and the way back: ``text[i]`` covers ``original[i]``."""

    text: str
    original: str
    told: tuple[tuple[int, Told], ...]  # where each message begins

    def find(self, quote: str) -> tuple[str, Span, str] | None:
        """(words, place in their message, item) of a quotation; None when it is not there or touches a cover."""
        if not quote or COVER in quote:
            return None
        for begin, told in self.told:
            at = self.text.find(quote, begin, begin + len(told.text))
            if at >= 0:
                words = self.original[at : at + len(quote)]
                return words, Span(start=at - begin, end=at - begin + len(quote), part=told.part), told.item
        return None


def masked(told: Sequence[Told] | str, complaint: Complaint, asked_for: Sequence[str] = NAMING) -> Masked:
    """The messages with every identifier covered: what looks like one, and what the record knows as one.

    ``asked_for`` are the fields to be looked for: a known name is covered unless it is one of them.
    """
    messages = (Told(text=told),) if isinstance(told, str) else tuple(told)
    original = BETWEEN.join(each.text for each in messages)
    comparable = _comparable(original)
    covered = bytearray(len(original))
    for start, end in (*_looking(comparable), *_known(comparable, complaint, asked_for)):
        covered[start:end] = b"\1" * (end - start)
    text = "".join([COVER if hidden else c for c, hidden in zip(original, covered, strict=True)])
    return Masked(text=text, original=original, told=tuple(_begins(messages)))


def _begins(messages: Iterable[Told]) -> Iterator[tuple[int, Told]]:
    at = 0
    for each in messages:
        yield at, each
        at += len(each.text) + len(BETWEEN)


@cached_rule
def _spoken() -> dict[int, str]:
    return {ord(word): digit for word, digit in DIGITS.items()}


def _comparable(text: str) -> str:
    """The form in which numbers are recognised, character for character: 壹３捌 → 138, ① → 1, ａ → A."""
    folded = fold(text).translate(_spoken())
    return folded.upper() if folded.isascii() else "".join([_plain(c) for c in folded])


def _plain(character: str) -> str:
    if character.isascii():
        return character.upper()
    if "一" <= character <= "鿿":
        return character
    digit = unicodedata.digit(character, -1)
    if digit >= 0:
        return str(digit)
    upper = unicodedata.normalize("NFKC", character).upper()
    return upper if len(upper) == 1 else character


def _looking(comparable: str) -> Iterator[tuple[int, int]]:
    for pattern in LOOKS:
        yield from (match.span() for match in pattern.finditer(comparable))
    yield from (match.span() for match in NUMBER_WORD.finditer(comparable) if _is_number(match[0]))


def _is_number(word: str) -> bool:
    """P2026A01 and l38OOl38OOO, as opposed to 4S and SUV."""
    digits = sum(c.isdigit() for c in word)
    if digits == len(word):
        return False  # 2026 and 3000; five of them are covered anyway
    return digits >= FEWEST or (digits >= 2 and digits + sum(c in CONFUSED for c in word) > FEWEST)


def _known(comparable: str, complaint: Complaint, asked_for: Sequence[str]) -> Iterator[tuple[int, int]]:
    places = [place for place, character in enumerate(comparable) if character.isalnum()]
    compact = "".join([comparable[place] for place in places])
    for value in _values(complaint, asked_for):
        start = compact.find(value)
        while start >= 0:
            end = start + len(value)
            yield places[start], places[end - 1] + 1
            start = compact.find(value, end)


def _values(complaint: Complaint, asked_for: Sequence[str]) -> set[str]:
    """How the record's identifiers are spelt, in the value and in the words that led to it."""
    names = (*IDENTIFYING, *(name for name in NAMING if name not in asked_for))
    fields = [field for name in names for field in _held(complaint, name)]
    fields += () if NAMING[0] in asked_for else complaint.people
    words = {spelling for field in fields for spelling in (field.value.removeprefix("+86"), field.source)}
    compact = {"".join([c for c in _comparable(word) if c.isalnum()]) for word in words}
    return {word for word in compact if len(word) >= SHORTEST}


def _held(complaint: Complaint, name: str) -> tuple[Field, ...]:
    chosen = complaint.fields.get(name)
    return ((chosen,) if chosen else ()) + tuple(complaint.others.get(name, ()))
