"""The words customers read and hear: files that say the same, phrases that can be filled, keys there and used."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway.casework.lifecycle import NEXT, TOLD, Status
from gateway.customers.status import WORDS
from gateway.intake import urgent
from gateway.intake.phrases import LANGUAGES, phrases
from gateway.intake.receipt import REPEATED, SHOWN
from gateway.intake.render import PROOFS
from gateway.intake.silence import REMINDERS
from gateway.medium import Medium
from normalizer.heard import WHAT
from normalizer.rulebook import rules

ROOT = Path(__file__).parent.parent
GATEWAY = ROOT / "gateway"
WORDING = GATEWAY / "intake" / "wording"
CONSOLE = GATEWAY / "console"  # speaks to staff, in words of its own
DEMO = GATEWAY / "operations" / "demo"  # plays customers and reads their answers, but says nothing to a customer itself

Key = tuple[str, str]  # (section, name)

LONGEST_CHINESE = 120  # characters of one phrase: more is not read on a telephone
LONGEST_HEARD = 80  # characters: twenty seconds of listening; whoever calls remembers no more
NEVER_PUSHED = frozenset({Status.RECEIVED})  # every complaint begins in it, none can be moved to it

BLOCKING = frozenset(rules("completeness")["blocking"])
ROLES = tuple(rules("completeness")["once"]["documents_for"])
ASKED_ONCE = frozenset(rules("completeness")["once"]["order"]) - {"documents"}
DOCUMENTS = frozenset(f"documents_{role}" for role in ROLES)
NAMED_BY_ROLE = frozenset({"complainant_name_agent", "complainant_name_organisation"})


def texts_of(language: str) -> dict[str, dict[str, str]]:
    data: dict[str, Any] = tomllib.loads((WORDING / f"{language}.toml").read_text("utf-8"))
    return {section: content for section, content in data.items() if isinstance(content, dict)}


def all_keys(texts: Mapping[str, Mapping[str, str]]) -> frozenset[Key]:
    return frozenset((section, name) for section, content in texts.items() for name in content)


TEXTS = {language: texts_of(language) for language in LANGUAGES}
FIRST = TEXTS[LANGUAGES[0]]
KEYS = all_keys(FIRST)

# What is heard on the telephone: some phrases differ there, and some are said nowhere else.
BY_EAR = {language: texts_of(f"ear/{language}") for language in LANGUAGES}
FIRST_BY_EAR = BY_EAR[LANGUAGES[0]]
EAR_KEYS = all_keys(FIRST_BY_EAR)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def placeholders(phrase: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One place in the code that says something: which keys it may mean, and with what it fills them."""

    where: str
    section: str
    pattern: str  # a regular expression over names
    fills: frozenset[str] | None  # None: cannot be told from the source

    @property
    def keys(self) -> frozenset[Key]:
        there = KEYS | EAR_KEYS | PAPER_KEYS
        return frozenset(key for key in there if key[0] == self.section and re.fullmatch(self.pattern, key[1]))


def calls(folder: Path, *, without: tuple[Path, ...] = ()) -> Iterator[Call]:
    """Every ``say``, ``ask`` and ``get`` below a folder whose key stands in the source."""
    for path in sorted(folder.rglob("*.py")):
        if any(path.is_relative_to(other) for other in without):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield from _said_by(node, node.func, f"{path.relative_to(ROOT)}:{node.lineno}")


def _said_by(node: ast.Call, called: ast.Attribute, where: str) -> Iterator[Call]:
    speaker, verb = ast.unparse(called.value), called.attr
    words = speaker.endswith("words") or speaker.startswith("phrases(")
    if verb == "say" and (words or speaker == "scene") and node.args:
        yield from _calls("say", node.args[0], node, where)
    if verb == "tell" and speaker == "scene" and node.args:
        yield from _calls("line", node.args[0], node, where)
    if verb == "get" and words and len(node.args) == 2 and isinstance(node.args[0], ast.Constant):
        yield from _calls(str(node.args[0].value), node.args[1], node, where)
    if verb == "ask" and speaker == "scene":
        for argument in node.args:
            yield from _calls("ask", argument, node, where)
            if not (isinstance(argument, ast.Constant) and argument.value in NEVER_LISTED):
                yield from _calls("item", argument, node, where)


# Mail has all other questions in a list.
NEVER_LISTED = PROOFS | frozenset({"menu", "phone", "confirm", "which_item", "go_on", "withdraw_confirm", "more"})


def _calls(section: str, name: ast.expr, node: ast.Call, where: str) -> Iterator[Call]:
    told = [each.arg for each in node.keywords]
    fills = None if None in told else frozenset(each for each in told if each is not None)
    for pattern in _patterns(name):
        yield Call(where=where, section=section, pattern=pattern, fills=fills)


def _patterns(name: ast.expr) -> Iterator[str]:
    """What the expression may say, as regular expressions; nothing for one that only running can tell."""
    match name:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.JoinedStr(values=parts):
            yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from _patterns(one)
            yield from _patterns(other)


def keys_of(section: str, names: Iterator[str] | frozenset[str] | tuple[str, ...]) -> frozenset[Key]:
    return frozenset((section, str(name)) for name in names)


# Keys whose names are values at run time: what those values can be.
CATEGORIES = frozenset(row["code"][:3] for row in rules("categories")["detail"]) | {"C99"}
REACHED_BY_VALUE = frozenset[Key]().union(
    keys_of("say", REMINDERS),
    keys_of("say", tuple(f"calm_{danger}" for danger in urgent.CALM)),
    keys_of("status", tuple(Status)),
    keys_of("push", tuple(TOLD - NEVER_PUSHED)),
    keys_of("mail", ("subject_receipt", "subject_ask")),
    keys_of("category", CATEGORIES),
    keys_of("page", WORDS),
    keys_of("receipt", tuple(SHOWN)),
    keys_of("what", tuple(REPEATED)),
    keys_of("label", frozenset(WHAT.values()) | {"request"}),  # what has no label is called a request
    keys_of("ask", BLOCKING | ASKED_ONCE | DOCUMENTS | NAMED_BY_ROLE),
    keys_of("ask", tuple(f"{name}_again" for name in BLOCKING)),
    keys_of("item", BLOCKING | ASKED_ONCE | DOCUMENTS | NAMED_BY_ROLE),
)


# Questions that only a call asks; and how any question is put when its answer was not heard.
ONLY_BY_EAR = NEVER_LISTED - PROOFS
PUT_ON_THE_LINE = ONLY_BY_EAR | PROOFS | BLOCKING | ASKED_ONCE
REACHED_BY_EAR = frozenset[Key]().union(
    REACHED_BY_VALUE,
    keys_of("ask", tuple(f"{name}_unheard" for name in PUT_ON_THE_LINE)),
    keys_of("ask", ("phone", "more", "withdraw_confirm")),  # asked by name, or put once more
)
NOTHING_TO_READ = (
    "发送",
    "回复",
    "打字",
    "点击",
    "發送",
    "回覆",
    "點擊",
    "链接",
    "鏈接",
    "reply",
    "click",
    "type ",
    "link",
)


# -- the files ---------------------------------------------------------------------------------------------------------


@every_language
def test_every_language_has_the_same_sections_and_keys(language: str) -> None:
    there = {(section, name) for section, content in TEXTS[language].items() for name in content}
    assert there == KEYS


@every_language
def test_a_phrase_takes_the_same_values_in_every_language(language: str) -> None:
    other = TEXTS[language]
    differing = [key for key in KEYS if placeholders(other[key[0]][key[1]]) != placeholders(FIRST[key[0]][key[1]])]
    assert not differing


@every_language
def test_every_phrase_can_be_filled_in(language: str) -> None:
    words = phrases(language)
    for section, name in sorted(KEYS):
        values = {each: f"<{each}>" for each in placeholders(FIRST[section][name])}
        filled = words.get(section, name, **values)
        assert filled.strip(), (section, name)
        assert all(value in filled for value in values.values()), (section, name)


def test_every_file_says_which_version_of_the_wording_it_is() -> None:
    versions = {tomllib.loads((WORDING / f"{each}.toml").read_text("utf-8"))["version"] for each in LANGUAGES}
    assert len(versions) == 1


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_no_chinese_phrase_is_too_long_for_a_telephone(language: str) -> None:
    long = {
        (section, name): len(text)
        for section, content in TEXTS[language].items()
        for name, text in content.items()
        if len(text) > LONGEST_CHINESE
    }
    assert not long


# -- what is heard -----------------------------------------------------------------------------------------------------


@every_language
def test_what_is_heard_has_the_same_keys_in_every_language(language: str) -> None:
    assert all_keys(BY_EAR[language]) == EAR_KEYS


@every_language
def test_what_is_heard_takes_the_same_values_in_every_language(language: str) -> None:
    other = BY_EAR[language]
    assert not [
        key for key in EAR_KEYS if placeholders(other[key[0]][key[1]]) != placeholders(FIRST_BY_EAR[key[0]][key[1]])
    ]


@every_language
def test_everything_that_is_heard_can_be_filled_in(language: str) -> None:
    words = phrases(language, Medium.EAR)
    for section, name in sorted(EAR_KEYS):
        values = {each: f"<{each}>" for each in placeholders(FIRST_BY_EAR[section][name])}
        filled = words.get(section, name, **values)
        assert filled.strip(), (section, name)
        assert all(value in filled for value in values.values()), (section, name)


def test_what_is_heard_instead_of_read_says_the_same_things_or_is_asked_on_the_line_alone() -> None:
    instead = {(section, name) for section, name in EAR_KEYS - KEYS if section != "line"}
    alone = keys_of("ask", tuple(ONLY_BY_EAR)) | keys_of("ask", tuple(f"{name}_unheard" for name in PUT_ON_THE_LINE))
    assert instead <= alone


def test_what_is_heard_needs_no_more_than_what_is_read() -> None:
    more = [
        key for key in EAR_KEYS & KEYS if not placeholders(FIRST_BY_EAR[key[0]][key[1]]) <= placeholders(_read(key))
    ]
    assert not more


def _read(key: Key) -> str:
    return FIRST[key[0]][key[1]]


@every_language
def test_nobody_on_the_telephone_is_told_to_send_type_or_click(language: str) -> None:
    told = {
        key: text
        for key in EAR_KEYS
        if any(word in (text := BY_EAR[language][key[0]][key[1]]) for word in NOTHING_TO_READ)
    }
    assert not told


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_what_is_heard_is_short(language: str) -> None:
    long = {(*key, len(_heard(language, key))) for key in EAR_KEYS if len(_heard(language, key)) > LONGEST_HEARD}
    assert not long


def _heard(language: str, key: Key) -> str:
    return BY_EAR[language][key[0]][key[1]]


def test_no_phrase_is_written_for_the_ear_that_nobody_hears() -> None:
    said = frozenset[Key]().union(*(call.keys for call in calls(GATEWAY, without=(DEMO, CONSOLE))))
    assert not sorted(EAR_KEYS - said - REACHED_BY_EAR)


# -- what is printed ---------------------------------------------------------------------------------------------------

ON_PAPER = {language: texts_of(f"paper/{language}") for language in LANGUAGES}
FIRST_ON_PAPER = ON_PAPER[LANGUAGES[0]]
PAPER_KEYS = all_keys(FIRST_ON_PAPER)
ASKED_ON_PAPER_ALONE = frozenset(
    {("item", "signature"), ("item", "supplement"), ("item", "score"), ("item", "withdraw_confirm")}
)
NEVER_BY_POST = frozenset({"welcome", "how_progress_chat", "voice_kept"})  # follows, chats, voice messages
SCREEN_WORDS = ("发送", "回复本", "直接回复", "打字", "点击", "附件发来", "通过这里", "reply to this", "click", "type ")


@every_language
def test_what_is_printed_has_the_same_keys_and_values_in_every_language(language: str) -> None:
    other = ON_PAPER[language]
    assert all_keys(other) == PAPER_KEYS
    assert not [
        key for key in PAPER_KEYS if placeholders(other[key[0]][key[1]]) != placeholders(FIRST_ON_PAPER[key[0]][key[1]])
    ]


def test_what_is_printed_says_the_same_things_as_what_is_read_and_needs_no_more() -> None:
    assert PAPER_KEYS - KEYS == ASKED_ON_PAPER_ALONE
    more = [
        key for key in PAPER_KEYS & KEYS if not placeholders(FIRST_ON_PAPER[key[0]][key[1]]) <= placeholders(_read(key))
    ]
    assert not more


@every_language
def test_nobody_is_told_by_letter_to_send_type_or_click(language: str) -> None:
    words = phrases(language, Medium.PAPER)
    printed = {
        (section, name): words._texts[section][name]
        for section in ("say", "item", "push")
        for name in words.keys(section)
        if name not in NEVER_BY_POST
    }
    assert not {key: text for key, text in printed.items() if any(word in text for word in SCREEN_WORDS)}


# -- what customers are told of their complaint ------------------------------------------------------------------------


@every_language
def test_every_state_of_a_complaint_has_a_name_for_customers(language: str) -> None:
    assert set(TEXTS[language]["status"]) == set(Status)


@every_language
def test_every_state_that_customers_are_told_of_has_its_news(language: str) -> None:
    assert {name for name in TEXTS[language]["push"] if name != "subject"} == TOLD - NEVER_PUSHED


def test_nobody_can_move_a_complaint_to_a_state_without_news() -> None:
    reachable = frozenset[Status]().union(*NEXT.values())
    assert not reachable & NEVER_PUSHED


# -- the code ----------------------------------------------------------------------------------------------------------


def test_every_phrase_the_code_says_is_there() -> None:
    absent = [
        f"{call.where} [{call.section}] {call.pattern}" for call in calls(GATEWAY, without=(CONSOLE,)) if not call.keys
    ]
    assert not absent


def test_every_phrase_that_can_be_said_is_there() -> None:
    assert not sorted(REACHED_BY_VALUE - KEYS)


def test_every_phrase_the_code_says_gets_all_it_needs() -> None:
    short = [
        f"{call.where} {key} needs {sorted(needs - call.fills)}"
        for call in calls(GATEWAY, without=(CONSOLE,))
        if call.fills is not None
        for key in call.keys
        if not (needs := _needs(key)) <= call.fills
    ]
    assert not short


def _needs(key: Key) -> frozenset[str]:
    """What either form of it takes."""
    forms = [texts[key[0]][key[1]] for texts in (FIRST, FIRST_BY_EAR) if key[1] in texts.get(key[0], {})]
    return frozenset[str]().union(*map(placeholders, forms))


def test_no_phrase_is_written_that_nobody_says() -> None:
    said = frozenset[Key]().union(*(call.keys for call in calls(GATEWAY, without=(DEMO, CONSOLE))))
    assert not sorted(KEYS - said - REACHED_BY_VALUE)
