"""The threat model says which test shows each thing: they exist."""

from __future__ import annotations

import re
from pathlib import Path

from channels.wechat import markup
from channels.wechat.settings import WeChatSettings
from gateway.customers.body import MOST_FIELDS
from gateway.customers.limits import Limits
from gateway.customers.multipart import MOST_PARTS
from gateway.intake.floods import LIMITS
from gateway.staff.guesses import MOST
from gateway.staff.signin.rules import SignInRules

ROOT = Path(__file__).parents[2]
TOLD = (ROOT / "docs" / "threats.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_test_that_is_named_exists() -> None:
    named = set(NAMED.findall(TOLD))
    assert len(named) > 25
    missing = [
        f"{path}::{name}"
        for path, name in sorted(named)
        if not re.search(rf"^(?:async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.M)
    ]
    assert missing == []


def test_each_way_of_reading_or_getting_in_is_shown_by_a_test() -> None:
    rows = re.findall(r"^\| .+ \| .+ \| `tests/.+ \|$", TOLD, re.M)
    sections = TOLD.split("## Limits of number")[0].split("## Reading")[1]
    threats = [line for line in sections.splitlines() if line.startswith("| ") and "what stops it" not in line]
    assert len(rows) == len(threats)


def test_the_numbers_on_the_page_are_those_of_the_code() -> None:
    web, rules = Limits(), SignInRules()
    assert f"{LIMITS['wechat']}, {LIMITS['email']}, {LIMITS['phone']}" in TOLD
    assert f"{web.visit}, {web.address}" in TOLD
    assert f"{web.proofs} an hour per address, {web.wrong_proofs} an hour for all" in TOLD
    assert f"{rules.tries}, {rules.tries_from_everywhere}, {rules.tries_of_address}" in TOLD
    assert f"{MOST_FIELDS} fields, {MOST_PARTS} parts" in TOLD
    assert f"beyond {MOST} wrong ones" in TOLD
    assert f"{markup.MAX_DEPTH} deep, {markup.MAX_ELEMENTS // 1000} {markup.MAX_ELEMENTS % 1000:03d} elements" in TOLD
    assert WeChatSettings(app_id="a", app_secret="b", token="c").max_body == 64 * 1024
