"""No code of the house stands before people: all that the code writes down has words in both languages."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gateway.casework.doubts import Rang
from gateway.console.facts import deed_in_words, state_in_words
from gateway.console.moments import heard_in_words, step_in_words
from gateway.console.ticket.talk import turns
from gateway.console.wording import LANGUAGES, wording
from gateway.staff.shapes import MomentShown
from normalizer.record import Machine
from store.values import PostState
from tests.clock import MONDAY_MORNING

ROOT = Path(__file__).parent.parent.parent
NOTES = ("timeline.add", "scene.note")
every_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def calls() -> tuple[tuple[str, ast.Call, str], ...]:
    return tuple(_calls())


def _calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Every call of the gateway: what is called, the call, and the module in which it stands."""
    for path in sorted((ROOT / "gateway").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node, module


def value_of(node: ast.expr | None, module: str) -> str:
    """A text that stands in the source, or a constant of the module; empty for what only running can tell."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name) and node.id.isupper():
        return str(getattr(importlib.import_module(module), node.id))
    return ""


def argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    named = [each.value for each in call.keywords if each.arg == name]
    return named[0] if named else call.args[place] if len(call.args) > place else None


def entries() -> set[tuple[str, str]]:
    """Kind and text of what is written into timelines."""
    found = set()
    for called, call, module in calls():
        if called.endswith(NOTES):
            own = called.endswith("scene.note")
            kind = value_of(argument(call, "kind", 0 if own else 99), module)
            found.add((kind, value_of(argument(call, "text", 1 if own else 99), module)))
        if called == "hand.write":
            found.add((value_of(argument(call, "kind", 1), module), ""))
    return {(kind, text) for kind, text in found if kind}


def actions() -> set[str]:
    found = set()
    for called, call, module in calls():
        if called.endswith("audit.write"):
            node = argument(call, "action", 99)
            either = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
            found |= {value_of(part, module) for part in either}
        if called in ("hand.write", "pair.write"):
            found.add(value_of(call.args[0], module))
        if called == "self._note" and "signin" in module:
            found |= {value_of(each, module) for each in call.args}
        if called == "confirm":
            found.add(value_of(argument(call, "action", 99), module))
    return found - {""}


@every_language
def test_every_kind_of_entry_in_a_timeline_has_a_name(language: str) -> None:
    t, known = wording(language), {kind for kind, _ in entries()}
    assert len(known) > 15
    assert not [kind for kind in sorted(known) if t.code("ticket", f"kind_{kind}") == f"kind_{kind}"]


@every_language
def test_every_code_in_a_timeline_is_said_in_words(language: str) -> None:
    t = wording(language)
    written = {(kind, text) for kind, text in entries() if text and kind not in ("heard", "said", "note", "status")}
    written |= {("callback", each.value) for each in Rang} | {("machine", each.value) for each in Machine}
    written |= {("delivery", each.value) for each in PostState}
    emergencies = ("opened", "taken", "step_done", "step_undone", "closed", "not_taken", "step_overdue", "reported")
    written |= {("emergency", what) for what in emergencies}
    written |= {("clock", kind) for kind in ("complex", "special", "agreed", "restart", "pause", "resume", "stop")}
    written |= {("approval", what) for what in ("asked", "approved", "refused", "taken_back")}
    assert not [(kind, text) for kind, text in sorted(written) if step_in_words(kind, text, {}, t) == text]


@every_language
def test_every_deed_in_the_audit_trail_has_a_name(language: str) -> None:
    t, known = wording(language), actions()
    assert len(known) > 40
    assert not [action for action in sorted(known) if t.code("audit", action) == action]


def test_a_task_in_a_timeline_says_what_it_is_about() -> None:
    said = step_in_words("task", "page: self_harm", {}, wording("zh"))
    assert said == "紧急处置 · 话里有轻生或自伤的意思"


def test_what_stood_in_the_fields_of_a_form_is_shown_by_their_names() -> None:
    text = "定损太低\n[complainant_name] 周*明\n[party_role] self\n[我] 说"
    assert heard_in_words(text, wording("zh")) == "定损太低\n姓名：周*明\n身份：本人\n[我] 说"


def test_what_was_heard_stands_before_what_it_led_to() -> None:
    def moment(id: int, kind: str, seconds: int) -> MomentShown:
        at = MONDAY_MORNING + timedelta(seconds=seconds)
        return MomentShown(id=id, at=at, kind=kind, actor="", text="", data={})

    told = [moment(1, "said", 0), moment(2, "status", 1), moment(3, "task", 1), moment(4, "heard", 1)]
    told.append(moment(5, "said", 1))
    assert [turn.kind for turn in turns(told, wording("zh"))] == ["said", "heard", "status", "task", "said"]


def test_facts_beside_a_deed_are_said_in_words_and_in_shanghai_time() -> None:
    detail: dict[str, Any] = {
        "path": ["ACCEPTED", "GRADED"],
        "roles": [["officer"], ["admin"]],
        "at": "2026-11-23T01:30:00+00:00",
    }
    said = dict(deed_in_words("status", {**detail, "note": ""}, wording("zh")))
    assert "ACCEPTED" not in said["状态"]
    assert said["角色"] == "投诉处理员、管理员"
    assert said["时间"] == "2026-11-23 09:30"


def test_a_channel_tells_of_itself_in_words() -> None:
    facts = {"listening": "idle", "last_proof": "2026-11-23T01:30:00+00:00", "errcode_45015": "3"}
    assert dict(state_in_words(facts, wording("zh"))) == {
        "接收方式": "已连接，等新消息",
        "最近确认连接": "2026-11-23 09:30",
        "errcode_45015": "3",
    }
