"""Which countries a number of ours reaches, and what an operator may say of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.phone.reach import Way, load


@pytest.mark.parametrize(
    ("number", "ways"),
    [
        ("+85261234567", ["sms", "voice"]),
        ("+85366123456", ["sms", "voice"]),
        ("+886912345678", ["sms", "voice"]),
        ("+6591234567", ["sms", "voice"]),
        ("+16502530000", ["sms", "voice"]),
        ("+8613800138000", ["template"]),
        ("+8619912345678", ["template"]),
        ("+862083341127", []),
        ("+861083341127", []),
        ("+8612345678901", []),
        ("+998901234567", ["sms"]),
        ("anonymous", []),
        ("+266696687", ["sms"]),
        ("13800138000", []),
        ("+0123456789", []),
        ("+８５２６１２３４５６７", []),
        ("", []),
    ],
)
def test_the_shipped_table_knows_what_a_number_takes(number: str, ways: list[str]) -> None:
    assert list(load().ways(number)) == ways


def test_links_do_not_go_to_the_mainland() -> None:
    reach = load()
    assert not reach.takes_links("+8613800138000")
    assert reach.takes_links("+85261234567")


def test_an_operators_table_is_laid_over_the_shipped_one_and_the_longest_prefix_wins(tmp_path: Path) -> None:
    own = tmp_path / "reach.toml"
    own.write_text('[ways]\n"86" = ["sms", "voice"]\n"8525" = []\n', "utf-8")
    reach = load(own)
    assert reach.ways("+8613800138000") == (Way.SMS, Way.VOICE)
    assert reach.ways("+862083341127") == (Way.VOICE,)  # a landline takes no text, whoever carries it
    assert reach.ways("+85251234567") == ()
    assert reach.ways("+85261234567") == (Way.SMS, Way.VOICE)
    assert not reach.takes_links("+8613800138000")


@pytest.mark.parametrize(
    "written",
    [
        "[ways",
        '[ways]\n"86" = ["pigeon"]',
        '[ways]\n"86" = "sms"',
        '[ways]\n"+86" = ["sms"]',
        '[ways]\n"86" = [["sms"]]',
        'ways = "sms"',
        "without_links = [86]",
        '[countries]\n"86" = ["sms"]',
        b"\xff\xfe",
    ],
)
def test_a_table_that_cannot_be_right_is_refused_at_the_start_by_its_name(tmp_path: Path, written: str | bytes) -> None:
    own = tmp_path / "reach.toml"
    own.write_bytes(written if isinstance(written, bytes) else written.encode())
    with pytest.raises(ValueError, match=r"TOUSU_PHONE_REACH: reach\.toml: "):
        load(own)


def test_a_table_that_is_not_there_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"TOUSU_PHONE_REACH: none\.toml"):
        load(tmp_path / "none.toml")
