"""Text on its way to paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.letter.printing.plain import JOINER, bare, bound, lines, plain


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("30,800元", "30,800|元"),
        ("1.5万元", "1.5|万|元"),
        ("400-820-1234", "400-|820-|1234"),
        ("010-88886666", "010-|88886666"),
        ("PA-2025/03-0001", "PA-|2025/|03-|0001"),
        ("B座", "B|座"),
        ("第3页", "第|3|页"),
        ("well-known", "well-known"),
    ],
)
def test_what_belongs_together_is_tied(text: str, joined: str) -> None:
    assert bound(text).replace(JOINER, "|") == joined


def test_a_phone_number_in_groups_keeps_together() -> None:
    assert bound("电话138 0013 8000。") == "电话138\u00a00013\u00a08000。"


@given(st.text(max_size=300))
def test_tying_changes_nothing_that_is_seen(text: str) -> None:
    assert bare(bound(plain(text))) == bare(plain(text))


@given(st.text(st.sampled_from("ab0-/.,元 万年¥第号\n"), max_size=200))
def test_lines_lose_no_sign(text: str) -> None:
    assert bare("".join(lines(text))) == bare(text)


def test_bounding_takes_no_longer_for_a_hostile_text() -> None:
    assert bound("1-" * 20_000).count("1") == 20_000
    assert bound("1 " * 20_000).count("1") == 20_000
