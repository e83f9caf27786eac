"""What docs/rules.md shows to an insurer works as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from normalizer.rulebook import RULE_FILES, rules, use
from normalizer.rulecheck import check
from tests.normalizer.own_rules import shipped_only
from tests.normalizer.talking import talk

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```toml\n# (?P<file>\S+)\n(?P<text>.+?)```", re.DOTALL)
DAY = date(2026, 12, 1)


@pytest.fixture
def examples(tmp_path: Path) -> Iterator[Path]:
    for match in EXAMPLE.finditer(PAGE):
        (tmp_path / match["file"]).write_text(match["text"], encoding="utf-8")
    yield tmp_path
    shipped_only()


def test_the_examples_have_no_fault(examples: Path) -> None:
    assert len(list(examples.iterdir())) == PAGE.count("```toml")
    assert not check(examples)


def test_the_examples_do_what_they_say(examples: Path) -> None:
    use(examples, DAY)
    assert rules("urgency")["elderly_age"] == 65
    assert "media" in talk((None, "不赔我就找大喇叭栏目")).flag_codes
    assert "regulator" not in talk((None, "不赔我就去信访")).flag_codes
    assert talk((None, "再不赔我就封了你们门口的收费站")).value("priority") == "P0"
    assert talk((None, "因为封路我在收费站追尾了，你们不赔")).value("priority") != "P0"
    assert "blockade" in talk((None, "再不赔我就到轮渡码头把缆绳解开")).flag_codes
    assert "blockade" not in talk((None, "轮渡码头检修缆绳砸了我的车，不赔")).flag_codes
    assert "blockade" not in talk((None, "我在轮渡码头等查勘员等了半天")).flag_codes
    assert talk((None, "不给赔，凭证号 88123456")).value("policy_number") == "88123456"
    assert talk((None, "不给赔，QHA2026-11110000-请处理")).value("policy_number") == "QHA2026-11110000"
    assert talk((None, "不给赔，QH9202611110000 没人处理")).value("claim_number") == "QH9202611110000"
    record = talk((None, "青湖安心宝的红豆积分不给兑，你们青胡保险太差"))
    assert (record.value("product"), record.value("category_detail")) == ("L06", "C0605")


def test_every_rules_file_is_named_on_the_page() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([a-z]+)`", row.split("|")[1])} == set(RULE_FILES)
