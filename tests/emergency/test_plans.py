"""Which plan a complaint gets, and what the files may say."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.casework.emergency.choosing import chosen
from gateway.casework.emergency.plans import BrokenPlans, read_plans
from gateway.casework.emergency.times import CLOSED, OPEN, TAKEN, attention_at, late, next_level
from normalizer.record import SHANGHAI
from store.desk import Emergency
from store.values import ComplaintId
from tests.clock import MONDAY_MORNING
from tests.emergency.conftest import record_with

SHIPPED = read_plans(None)


@pytest.mark.parametrize(
    ("kind", "priority", "flags", "source"),
    [
        ("self_harm", "P0", ("self_harm",), "不想活了"),
        ("violence", "P0", ("safety",), "带刀来找你们"),
        ("life", "P0", ("safety",), "我妈在ICU等着救命钱"),
        ("crowd", "P0", ("group",), "我们三十个人在门口"),
        ("joint", "P1", ("group",), "我们八个人"),
        ("disaster", "P0", ("disaster",), "全村被淹"),
        ("media_on_site", "P0", ("media",), "记者已经到大厅"),
        ("media", "P1", ("media",), "我要曝光"),
        ("regulator", "P1", ("regulator",), "找金监局"),
        ("staff_crime", "P1", ("fraud",), "伪造我的签名"),
        ("data_leak", "P1", ("data_leak", "media"), "信息泄露"),
        ("death_claim", "P1", ("death",), "身故"),
        ("minor", "P1", ("minor",), "孩子"),
        ("third_repeat", "P1", ("repeat",), "第三次"),
        ("other_p0", "P0", (), ""),
        ("other_p1", "P1", (), ""),
    ],
)
def test_the_first_plan_that_fits_is_taken(kind: str, priority: str, flags: tuple[str, ...], source: str) -> None:
    plan = chosen(SHIPPED, record_with(priority, *flags, source=source))
    assert plan is not None
    assert (plan.kind, plan.level) == (kind, priority)


def test_a_large_sum_is_known_by_the_rule_that_graded_it() -> None:
    plan = chosen(SHIPPED, record_with("P1", rule="priority.large_sum"))
    assert plan is not None
    assert plan.kind == "large_sum"


def test_staff_may_say_why() -> None:
    plan = chosen(SHIPPED, record_with("P1", "media"), "about_handler")
    assert plan is not None
    assert plan.kind == "about_handler"


@pytest.mark.parametrize("priority", ["P2", "P3"])
def test_an_ordinary_complaint_has_no_plan(priority: str) -> None:
    assert chosen(SHIPPED, record_with(priority, "elderly")) is None


def test_the_insurers_file_is_laid_over_ours(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        """
        [recipients.duty]
        emails = ["night@insurer.example"]
        [[plan]]
        kind = "media"
        departments = ["brand"]
        [[plan]]
        kind = "celebrity"
        level = "P1"
        name = { zh = "公众人物", en = "Celebrity" }
        when = { priority = ["P1"], reasons = ["celebrity"] }
        responsible = "supervisor"
        page = ["duty"]
        steps = [{ code = "call", within = "2h", name = { zh = "联系", en = "Call" } }]
        """,
        "utf-8",
    )
    plans = read_plans(own)
    assert plans.recipients["duty"].webhook
    assert plans.recipients["duty"].emails == ("night@insurer.example",)
    media, celebrity = plans.of("media"), plans.of("celebrity")
    assert media is not None
    assert media.departments == ("brand",)
    assert len(media.steps) > 1
    assert celebrity is not None
    assert chosen(plans, record_with("P1", "media"), "celebrity") == celebrity


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("plan = [", "TOMLDecodeError"),
        ('[[plan]]\nkind = "media"\npage = ["nobody"]', "no recipient nobody"),
        ('[[plan]]\nkind = "media"\nsurprise = 1', "surprise"),
        ('[[plan]]\nkind = "new"', "plan.0"),
        ('[recipients.duty]\nemails = ["nowhere"]', "emails"),
        ('[[plan]]\nkind = "media"\nsteps = [{ code = "x", within = "soon", name = { zh = "", en = "" } }]', "within"),
        ("recipients = 3", "recipients"),
    ],
)
def test_a_file_that_says_nonsense_is_refused_and_says_where(tmp_path: Path, text: str, why: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, "utf-8")
    with pytest.raises(BrokenPlans, match=why):
        read_plans(own)


def test_hours_of_service_end_on_friday_evening_and_go_on_on_monday() -> None:
    friday = datetime(2026, 11, 27, 16, 30, tzinfo=SHANGHAI)
    assert SHIPPED.due(friday, "4wh") == datetime(2026, 11, 30, 11, 30, tzinfo=SHANGHAI)
    assert SHIPPED.due(friday, "15m") - friday == timedelta(minutes=15)


@given(
    kind=st.sampled_from([plan.kind for plan in SHIPPED.plan]),
    state=st.sampled_from([OPEN, TAKEN, CLOSED]),
    level=st.integers(0, 3),
    done=st.sets(st.sampled_from(["person", "contact", "interim", "decision"])),
    told=st.sets(st.sampled_from(["person", "contact", "interim", "decision"])),
    minutes=st.integers(0, 20_000),
)
def test_what_wants_attention_is_due_exactly_when_there_is_something_to_do(
    kind: str, state: str, level: int, done: set[str], told: set[str], minutes: int
) -> None:
    plan = SHIPPED.of(kind)
    assert plan is not None
    facts = {"steps": {code: {} for code in done}, "alerted": sorted(told)}
    emergency = Emergency(
        complaint_id=ComplaintId(1), plan=kind, state=state, level=level, opened_at=MONDAY_MORNING, facts=facts
    )
    now = MONDAY_MORNING + timedelta(minutes=minutes)
    at = attention_at(SHIPPED, plan, emergency)
    something = state != CLOSED and (
        next_level(SHIPPED, plan, emergency, now) is not None or bool(late(SHIPPED, plan, emergency, now))
    )
    assert something == (at is not None and at <= now)
