"""The queue: found, in order, page by page; and what a search costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import ClauseElement, Executable, text
from sqlalchemy.ext.compiler import compiles

from normalizer.record import Complaint, Field, Intent
from store.crypto import Keyring, new_secret
from store.desk import View
from store.queue import COUNTED, NOBODY, Life, Order, QueuePage, Wanted
from store.terms import MOST, folded, has_words, terms_of, text_of
from store.unit import Store
from store.values import Case
from tests.store.things import NOW, RECORD, open_case

DAY = timedelta(days=1)


def told(matter: str, **fields: str) -> Complaint:
    values = {"matter": matter, **fields}
    return replace(RECORD, fields=MappingProxyType({**RECORD.fields, **{k: Field(value=v) for k, v in values.items()}}))


async def filled(store: Store, *facts: dict[str, Any]) -> list[Case]:
    """Complaints numbered from 1; facts of ``work`` are what staff wrote beside them."""
    cases = []
    async with store.unit() as unit:
        for place, each in enumerate(facts, start=1):
            work = each.pop("work", {})
            case = await open_case(unit, f"TS261123{place:05d}0", **{"status": "ACCEPTED", **each})
            if work:
                await unit.complaints.set_work(case.id, work, now=NOW)
            cases.append(case)
        await unit.commit()
    return cases


async def caught_up(store: Store) -> int:
    async with store.unit() as unit:
        done = await unit.terms.catch_up(50)
        await unit.commit()
    return done


async def page(store: Store, wanted: Wanted, **more: Any) -> QueuePage:
    async with store.reading() as unit:
        return await unit.queue.page(wanted, **more)


async def places(store: Store, wanted: Wanted) -> list[int]:
    """Which of the complaints are shown, by their place from 1."""
    return [int(case.number[8:13]) for case in (await page(store, wanted)).cases]


async def searched(store: Store, words: str) -> list[int]:
    asked = tuple(folded(words).split())
    async with store.reading() as unit:
        terms = tuple(await unit.terms.of_words(asked))
        found = await unit.queue.page(Wanted(words=asked, terms=terms, order=Order.NEWEST))
    return [int(case.number[8:13]) for case in found.cases]


async def test_the_most_urgent_stands_first_and_what_is_over_is_not_there(store: Store) -> None:
    await filled(
        store,
        {"due_at": NOW + 9 * DAY},
        {"due_at": NOW + 2 * DAY},
        {"due_at": NOW - 2 * DAY},
        {"due_at": NOW - 3 * DAY, "status": "ARCHIVED"},
    )
    assert await places(store, Wanted()) == [3, 2, 1]
    assert await places(store, Wanted(life=Life.CLOSED)) == [4]
    assert await places(store, Wanted(life=Life.ANY)) == [4, 3, 2, 1]


async def test_pages_follow_each_other_without_gap_or_repetition_also_where_days_are_the_same(store: Store) -> None:
    await filled(store, *[{"due_at": NOW + (place % 3) * DAY} for place in range(11)])
    for wanted in (Wanted(), Wanted(order=Order.NEWEST)):
        seen, after = list[int](), None
        while True:
            found = await page(store, wanted, after=after, limit=2)
            seen += [case.id for case in found.cases]
            after = found.after
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 11


async def test_each_filter_narrows_and_a_branch_sees_its_own(store: Store) -> None:
    await filled(
        store,
        {"channel": "email", "work": {"branch": "310000", "assignee_id": 7}},
        {"channel": "phone", "record": told("x", priority="P0", product="motor", category="C01")},
        {"work": {"branch": "320000"}},
        {"due_at": NOW + DAY, "status": "INVESTIGATING"},
    )
    for wanted, expected in (
        (Wanted(channels=("email",)), [1]),
        (Wanted(channels=("email", "phone")), [1, 2]),
        (Wanted(priorities=("P0", "P1")), [2]),
        (Wanted(products=("motor",), categories=("C01",)), [2]),
        (Wanted(statuses=("INVESTIGATING",)), [4]),
        (Wanted(assignee=7), [1]),
        (Wanted(assignee=NOBODY), [2, 3, 4]),
        (Wanted(due_before=NOW + 2 * DAY), [4]),
        (Wanted(due_from=NOW + 2 * DAY), [1, 2, 3]),
        (Wanted(within=frozenset({"310000"})), [1]),
        (Wanted(within=frozenset({"310000"}), branches=("320000",)), []),
        (Wanted(within=frozenset()), []),
    ):
        assert sorted(await places(store, wanted)) == expected, wanted


async def test_one_that_was_merged_is_shown_when_asked_for(store: Store) -> None:
    first, second = await filled(store, {}, {})
    async with store.unit() as unit:
        await unit.complaints.set_work(second.id, {"merged_into": first.id}, now=NOW)
        await unit.commit()
    assert await places(store, Wanted()) == [1]
    assert await places(store, Wanted(with_merged=True)) == [1, 2]


async def test_what_is_no_complaint_is_shown_when_asked_for_and_always_in_danger(store: Store) -> None:
    praise = replace(RECORD, intent=Intent.PRAISE)
    await filled(store, {}, {"record": praise}, {"record": replace(told("x", priority="P0"), intent=Intent.PRAISE)})
    assert await places(store, Wanted()) == [1, 3]
    assert await places(store, Wanted(all_items=True)) == [1, 2, 3]


async def test_people_are_found_by_any_identifier_as_it_is_spelt(store: Store) -> None:
    await filled(store, {}, {"record": told("x", phone="+8613900001111", policy_number="P9")})
    for kind, value, expected in (
        ("phone", "139 0000 1111", [2]),
        ("policy_number", "p9", [2]),
        ("name", "王小明", [1, 2]),
        ("id_number", "11010519491231002x", [1, 2]),
        ("claim_number", "none", []),
    ):
        assert sorted(await places(store, Wanted(exact=((kind, value),)))) == expected
    both = Wanted(exact=(("policy_number", "P2024ABC001"), ("claim_number", "P9"), ("phone", "13900001111")))
    assert sorted(await places(store, both)) == [1, 2]


async def test_words_are_found_wherever_they_stand_and_only_whole(store: Store) -> None:
    await filled(
        store,
        {"record": told("住院理賠被拒，等了六十天")},
        {"record": told("拒绝理赔", request="退还 ABC 保费")},
        {"record": told("拒被，赔理")},
    )
    assert await searched(store, "理赔") == []
    assert await caught_up(store) == 3
    assert await caught_up(store) == 0
    assert await searched(store, "理赔") == [2, 1]
    assert await searched(store, "赔被拒") == [1]
    assert await searched(store, "abc 理赔") == [2]
    assert await searched(store, "拒被拒") == []
    assert await searched(store, "赔") == []


async def test_a_corrected_matter_is_found_by_its_new_words(store: Store) -> None:
    [case] = await filled(store, {"record": told("退保被拖延")})
    await caught_up(store)
    async with store.unit() as unit:
        await unit.complaints.save(case.id, record=told("销售误导"), now=NOW)
        await unit.commit()
    assert await caught_up(store) == 1
    assert await searched(store, "退保") == []
    assert await searched(store, "误导") == [1]


async def test_a_row_that_does_not_open_neither_hides_the_others_nor_stops_the_terms(store: Store) -> None:
    await filled(store, {}, {"record": told("车险定损")})
    async with store.unit() as unit:
        await unit.complaints._line.run(text("UPDATE complaints SET record = 'x' WHERE number = 'TS261123000010'"))
        await unit.commit()
    assert await caught_up(store) == 2
    assert await caught_up(store) == 0
    assert await places(store, Wanted()) == [2]
    assert await searched(store, "定损") == [2]


async def test_all_counts_are_one_statement_and_end_where_nobody_reads_on(store: Store) -> None:
    await filled(store, *[{"channel": "email"} for _ in range(COUNTED + 2)], {"channel": "phone"})
    before = store.statements
    async with store.reading() as unit:
        counts = await unit.queue.counts(
            {"all": Wanted(), "phone": Wanted(channels=("phone",)), "late": Wanted(due_before=NOW)}
        )
        assert await unit.queue.counts({}) == {}
    assert counts == {"all": COUNTED, "phone": 1, "late": 0}
    assert store.statements - before == 1


async def test_the_stamp_changes_with_every_change(store: Store) -> None:
    async with store.reading() as unit:
        assert await unit.queue.stamp() == ""
    first, _ = await filled(store, {}, {})
    stamps = set()
    for minute in (1, 2):
        async with store.unit() as unit:
            await unit.complaints.set_work(first.id, {"branch": "x"}, now=NOW + timedelta(minutes=minute))
            stamps.add(await unit.queue.stamp())
            await unit.commit()
    assert len(stamps) == 2


class Explain(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement


@compiles(Explain, "sqlite")
def _on_sqlite(element: Explain, compiler: Any, **more: Any) -> str:
    return f"EXPLAIN QUERY PLAN {compiler.process(element.statement, **more)}"


@compiles(Explain, "postgresql")
def _on_postgresql(element: Explain, compiler: Any, **more: Any) -> str:
    return f"EXPLAIN {compiler.process(element.statement, **more)}"


async def plan(store: Store, wanted: Wanted, after: Any = None) -> str:
    async with store.reading() as unit:
        if store.shared:  # a table of three rows is read whole, whatever there is
            for way in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
                await unit.queue._line.run(text(f"SET LOCAL {way} = off"))
        rows = await unit.queue._line.rows(Explain(unit.queue.paged(wanted, after, 50)))
    return "\n".join(str(tuple(row)) for row in rows)


async def test_the_order_is_that_of_an_index_and_nothing_is_sorted(store: Store) -> None:
    await filled(store, {}, {}, {})
    found = await page(store, Wanted(), limit=1)
    for wanted, after in ((Wanted(), None), (Wanted(), found.after), (Wanted(within=frozenset({"", "x"})), None)):
        told_by = await plan(store, wanted, after)
        assert "ix_complaints_open_due" in told_by
        assert "TEMP B-TREE FOR ORDER" not in told_by
        assert "Sort" not in told_by
    assert "ix_complaints_phone_index" in await plan(store, Wanted(exact=(("phone", "1"),)))


@given(st.text(max_size=600), st.text(min_size=2, max_size=8))
def test_every_passage_of_a_matter_has_its_pairs_among_the_terms(matter: str, word: str) -> None:
    keys = Keyring.from_secret(new_secret())
    terms = terms_of(keys, text_of(told(matter[:200] + word)))
    assert len(terms) == len(set(terms)) <= MOST
    assert all(0 <= term < 2**63 for term in terms)
    assert set(terms_of(keys, folded(word))) <= set(terms)


def test_the_same_characters_in_another_order_are_not_the_word() -> None:
    assert has_words(told("理赔被拒"), ["赔被"])
    assert not has_words(told("理赔被拒"), ["拒被"])


async def test_a_view_is_ones_own_or_everybodys(store: Store) -> None:
    async with store.unit() as unit:
        shared = await unit.views.add(View(name="快到期", query="due=soon", position=2))
        assert [view.name for view in await unit.views.of(None)] == ["快到期"]
        assert await unit.views.remove(shared)
        assert not await unit.views.remove(shared)
        assert await unit.views.of(5) == []
        await unit.commit()


async def test_what_was_decided_is_not_late_any_more(store: Store) -> None:
    late = {"due_at": NOW - DAY}
    await filled(store, {"status": "INVESTIGATING", **late}, {"status": "FOLLOW_UP", **late})
    async with store.reading() as unit:
        found = await unit.queue.page(Wanted(due_before=NOW))
    assert [case.status for case in found.cases] == ["INVESTIGATING"]
