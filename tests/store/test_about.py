"""Whom a complaint is about: found by pairs of characters of a kind of their own, and left out of what is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from gateway.casework.avoidance import is_about, whom
from gateway.casework.finding import Finding, write_about
from gateway.house import House
from gateway.settings import Settings
from normalizer.record import PERSON, Complaint, Field
from store.crypto import Keyring, new_secret
from store.figures import Scope
from store.queue import Wanted
from store.terms import terms_about, terms_of, terms_of_name, text_of
from store.unit import Store
from tests.clock import SetClock
from tests.store.test_queue import caught_up, filled, places, searched, told
from tests.store.things import NOW

KEYS = Keyring.from_secret(new_secret())
LI = "李小红"
names = st.text(alphabet="李小红上海分公司 A髮发", min_size=1, max_size=6)


def naming(*people: str, role: str = "staff", **fields: str) -> Complaint:
    named = tuple(Field(value=name, rule=PERSON + role) for name in people)
    return replace(told("理赔被拒", **fields), people=named)


async def maybe(store: Store, *names: str, branches: frozenset[str] | None = None) -> list[int]:
    """Places, from 1, of the complaints that may name one of these."""
    async with store.reading() as unit:
        found = await unit.about.maybe(names, branches)
        cases = await unit.complaints.several(each.id for each in found)
    return sorted(int(case.number[8:13]) for case in cases.values())


async def counted(store: Store, but: Sequence[int]) -> tuple[int, int]:
    """In the queue, and in the figures."""
    hidden = frozenset(but)
    async with store.reading() as unit:
        counts = await unit.queue.counts({"all": Wanted(but=hidden), "again": Wanted(but=hidden)})
        received = await unit.figures.received([NOW], Scope(but=hidden))
    return counts["all"], sum(number for _, _, number in received)


async def test_whoever_is_named_as_respondent_or_as_one_of_ours_is_found_by_name(store: Store) -> None:
    await filled(
        store,
        {"record": naming(respondent=f"上海分公司{LI}")},
        {"record": naming(LI)},
        {"record": naming(LI, role="witness")},
        {"record": naming("红小李", respondent="上海支公司")},
        {"record": naming(respondent="上海分公司"), "work": {"branch": "310000"}},
    )
    await caught_up(store)
    assert await maybe(store, LI) == [1, 2]
    assert await maybe(store, "上海分公司") == [1, 5]
    assert await maybe(store, LI, "上海分公司", "红") == [1, 2, 5]
    assert await maybe(store, LI, "上海分公司", branches=frozenset({"310000"})) == [5]
    assert await maybe(store, "红") == []


async def test_one_whose_names_are_not_indexed_yet_may_be_about_anybody(store: Store) -> None:
    first, _ = await filled(store, {}, {})
    assert await maybe(store, LI) == [1, 2]
    await caught_up(store)
    assert await maybe(store, LI) == []
    async with store.unit() as unit:
        await unit.complaints.save(first.id, record=naming(LI), now=NOW)
        await unit.commit()
    assert await maybe(store, LI) == [1]


async def test_who_searches_for_words_does_not_meet_the_names_of_our_people(store: Store) -> None:
    await filled(store, {"record": naming(LI, respondent="上海分公司")}, {"record": told("李小红很好")})
    await caught_up(store)
    assert await searched(store, LI) == [2]
    assert await searched(store, "分公司") == []


async def test_a_record_that_changes_has_another_seal_and_one_that_does_not_open_names_nobody(store: Store) -> None:
    first, second = await filled(store, {}, {})
    async with store.unit() as unit:
        before = {each.id: each.seal for each in await unit.about.maybe([LI], None)}
        await unit.complaints.save(first.id, record=naming(LI), now=NOW)
        await unit.complaints._line.run(text("UPDATE complaints SET record = 'x' WHERE number = 'TS261123000020'"))
        after = {each.id: each.seal for each in await unit.about.maybe([LI], None)}
        records = await unit.about.records(list(after))
        await unit.commit()
    assert before[first.id] != after[first.id]
    opened = records[after[first.id]]
    assert opened is not None
    assert [person.value for person in opened.people] == [LI]
    assert records[after[second.id]] is None


async def test_what_is_hidden_is_counted_nowhere_however_much_that_is(store: Store) -> None:
    ids = [case.id for case in await filled(store, *[{} for _ in range(5)])]
    assert await counted(store, []) == (5, 5)
    assert await counted(store, [ids[1], ids[3]]) == (3, 3)
    assert await counted(store, [*ids[2:], *range(10**9, 10**9 + 70_000)]) == (2, 2)
    assert await places(store, Wanted(but=frozenset({ids[0], ids[4]}))) == [2, 3, 4]


async def test_what_an_older_gateway_indexed_is_indexed_again_with_whom_it_is_about(store: Store) -> None:
    first, second, _ = await filled(
        store, {"record": naming(LI)}, {"record": naming(LI, respondent="上海分公司")}, {"record": naming(LI)}
    )
    await caught_up(store)
    async with store.unit() as unit:
        for case in (first, second):
            await unit.terms._replace(case.id, terms_of(store.keyring, text_of(case.record)))
        await unit.commit()
    assert await maybe(store, LI) == [3]
    await write_about(store)
    async with store.reading() as unit:
        assert await unit.terms.unwritten() == []
    assert await maybe(store, LI) == [1, 2, 3]
    assert await maybe(store, "上海分公司") == [2]
    assert await searched(store, "被拒") == [3, 2, 1]


async def test_where_gateways_are_replaced_one_by_one_the_round_itself_looks_after_the_older_ones(store: Store) -> None:
    clock = SetClock()
    finding = Finding(House(store=store, clock=clock, settings=Settings()))
    await finding.go()
    [case] = await filled(store, {"record": naming(LI)})
    async with store.unit() as unit:
        await unit.terms._replace(case.id, terms_of(store.keyring, text_of(case.record)))
        await unit.terms._line.run(text("UPDATE complaints SET unfound = false"))
        await unit.commit()
    await finding.go()
    assert await maybe(store, LI) == []
    clock.advance(seconds=3600)
    await finding.go()
    assert await maybe(store, LI) == ([1] if store.shared else []), "an embedded store has no other gateway"


async def test_complaints_without_terms_are_found_by_their_index_and_not_by_reading_all(store: Store) -> None:
    await filled(store, {}, {})
    way = "EXPLAIN" if store.shared else "EXPLAIN QUERY PLAN"
    async with store.unit() as unit:  # not committed
        if store.shared:  # a shared database's indexes are as large as the tests before this one left them
            await unit.terms._line.run(text("SET LOCAL enable_seqscan = off"))
            await unit.terms._line.run(text("REINDEX INDEX ix_complaints_unfound"))
        asked = text(f"{way} SELECT id, record FROM complaints WHERE complaints.unfound = true ORDER BY id LIMIT 20")
        rows = await unit.terms._line.rows(asked)
    assert "ix_complaints_unfound" in str([tuple(row) for row in rows])


@given(st.lists(names, max_size=3), names, names, st.lists(names, max_size=2))
def test_whomever_a_complaint_is_about_has_all_their_pairs_among_its_terms(
    people: list[str], respondent: str, name: str, branches: list[str]
) -> None:
    record = naming(*people, respondent=respondent)
    terms = set(terms_about(KEYS, record))
    found = [
        each for each in (name, *branches) if is_about(record, name=each) or is_about(record, name="", branches=[each])
    ]
    assert all(set(terms_of_name(KEYS, each)) <= terms for each in found)
    assert is_about(whom(record) or told(""), name=name, branches=branches) == is_about(
        record, name=name, branches=branches
    )
