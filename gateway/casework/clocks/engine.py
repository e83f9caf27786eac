"""The clock of a complaint, reckoned from its receipt and what happened since. Pure.

令2020年第3号 Art 18 (15, 30, 60 natural days in total; appraisal apart; new facts), Art 15 (withdrawal), Art 21
(another date by agreement), Art 23 (mediation apart), Art 43 (natural days).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from gateway.casework.clocks.calendar import Calendar
from gateway.casework.clocks.limits import Limits, Span, end_of_day
from gateway.casework.clocks.reckoning import Reckoning, Step, Target, date_of, day, minute
from store.desk import ClockEvent

SIMPLE, COMPLEX, SPECIAL, AGREED = "simple", "complex", "special", "agreed"
APART = frozenset({"appraisal", "mediation"})  # nothing else stops the days: not waiting for papers either
# What takes effect at the same moment is read in this order, however it was noted.
ORDER = ("restart", "resume", "pause", COMPLEX, SPECIAL, AGREED, "stop")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """By what is reckoned, and what of the complaint decides which targets it has."""

    limits: Limits
    calendar: Calendar
    priority: str = "P3"
    personal: bool = False  # a personal line, of an individual


def reckon(received_at: datetime, events: Iterable[ClockEvent], *, now: datetime, rules: Rules) -> Reckoning:
    """How the clock stands at ``now``.

    ``facts`` of an event bear its proof: ``told_at`` when the customer was told, ``telling`` while that is under way.
    """
    clock = _Clock(began=received_at, now=now, limits=rules.limits)
    clock.say("received", at=minute(received_at))
    clock.say(SIMPLE, days=str(rules.limits.days[SIMPLE]), due=day(clock.due(now)))
    for event in sorted(events, key=_order):
        READ[event.kind](clock, event)
    return _reckoning(clock, rules)


def _order(event: ClockEvent) -> tuple[datetime, int, str, str]:
    facts = event.facts
    return event.at, ORDER.index(event.kind), str(facts.get("until", "")), str(facts.get("why", ""))


@dataclass(kw_only=True, slots=True)
class _Clock:
    """The clock while it is being reckoned."""

    began: datetime
    now: datetime
    limits: Limits
    limit: str = SIMPLE
    apart: int = 0  # days that are over and do not count
    why: set[str] = field(default_factory=set)  # for which the clock stands still now
    since: datetime | None = None
    agreed: datetime | None = None
    stopped: datetime | None = None
    prove_by: datetime | None = None
    steps: list[Step] = field(default_factory=list)

    def say(self, code: str, **values: str) -> None:
        self.steps.append(Step(code=code, values=values))

    def due(self, at: datetime) -> datetime:
        """The date in force at a moment."""
        if self.agreed is not None:
            return self.agreed
        still = whole_days(self.since, at) if self.since is not None else 0
        return end_of_day(self.began, self.limits.days[self.limit] + self.apart + still)

    def allows(self, event: ClockEvent) -> bool:
        """May this still move the date? Not one that has passed, was agreed on, or matters no more."""
        return self.stopped is None and self.agreed is None and event.at <= self.due(event.at)


def whole_days(since: datetime, until: datetime) -> int:
    """Natural days in Shanghai that lie wholly between: neither the first nor the last, on which work was possible."""
    between: int = (_day(until) - _day(since)).days - 1
    return max(0, between)


def _day(moment: datetime) -> date:
    return date_of(moment)


def _restart(clock: _Clock, event: ClockEvent) -> None:
    """New facts or reasons: the days begin again with their receipt, and what moved the old date is void."""
    if event.at <= clock.began:
        return
    clock.began, clock.limit, clock.apart = event.at, SIMPLE, 0
    clock.agreed = clock.stopped = clock.prove_by = None
    clock.since = event.at if clock.since is not None else None
    clock.say("restart", at=minute(event.at), reason=_told(event, "reason"), due=day(clock.due(event.at)))


def _complex(clock: _Clock, event: ClockEvent) -> None:
    if clock.limit != SIMPLE:
        return
    if not clock.allows(event):
        return clock.say("complex_late", at=minute(event.at))
    clock.limit = COMPLEX
    _say_extended(clock, event)


def _special(clock: _Clock, event: ClockEvent) -> None:
    """Only with somebody's approval, and only when the customer heard of it before the date then in force."""
    if clock.limit == SPECIAL or not clock.allows(event) or not event.facts.get("approver"):
        return
    before = clock.due(event.at)
    told = _moment(event, "told_at")
    if told is None and event.facts.get("telling") and clock.now < before:
        clock.prove_by = before
    elif told is None or told > before:
        return clock.say("special_untold", at=minute(event.at), by=day(before))
    clock.limit = SPECIAL
    _say_extended(clock, event)


def _say_extended(clock: _Clock, event: ClockEvent) -> None:
    told = _moment(event, "told_at")
    clock.say(
        clock.limit,
        at=minute(event.at),
        days=str(clock.limits.days[clock.limit]),
        reason=_told(event, "reason"),
        by=event.by,
        approver=_told(event, "approver"),
        due=day(clock.due(event.at)),
    )
    clock.say("told" if told else "telling", at=minute(told) if told else "")


def _pause(clock: _Clock, event: ClockEvent) -> None:
    why = _told(event, "why")
    if why not in APART:
        return
    if clock.since is None and not clock.allows(event):
        return clock.say("pause_late", at=minute(event.at), why=why)
    clock.since = clock.since or event.at
    clock.why.add(why)


def _resume(clock: _Clock, event: ClockEvent) -> None:
    why = _told(event, "why")
    if clock.stopped is not None and why not in APART:
        clock.stopped = clock.prove_by = None
        return clock.say("goes_on", at=minute(event.at))
    if clock.since is None or (why and why not in clock.why):
        return
    named = why or min(clock.why)
    clock.why -= {why} if why else clock.why
    if not clock.why:
        _add_apart(clock, clock.since, event.at, named)


def _add_apart(clock: _Clock, since: datetime, until: datetime, why: str) -> None:
    days = whole_days(since, until)
    clock.since, clock.apart = None, clock.apart + days
    facts = {"since": day(since), "until": day(until), "days": str(days), "why": why}
    clock.say("pause", **facts, due=day(clock.due(until)))


def _agreed(clock: _Clock, event: ClockEvent) -> None:
    until = _moment(event, "until")
    if until is None or clock.stopped is not None:
        return
    clock.agreed, clock.prove_by = until, None
    clock.say(AGREED, at=minute(event.at), until=day(until), evidence=_told(event, "evidence"), by=event.by)


def _stop(clock: _Clock, event: ClockEvent) -> None:
    """Withdrawn, not handled, or decided: a decision stops the clock only together with its being told."""
    why, told = _told(event, "why"), _moment(event, "told_at")
    if why == "decided" and told is None:
        if not event.facts.get("telling") or clock.now >= clock.due(event.at):
            return clock.say("decided_untold", at=minute(event.at))
        clock.prove_by = clock.due(event.at)
    else:
        clock.prove_by = None
    clock.stopped = told or event.at
    clock.say("stop", at=minute(clock.stopped), why=why)


READ: Mapping[str, Callable[[_Clock, ClockEvent], None]] = {
    "restart": _restart,
    "resume": _resume,
    "pause": _pause,
    COMPLEX: _complex,
    SPECIAL: _special,
    AGREED: _agreed,
    "stop": _stop,
}


def _told(event: ClockEvent, name: str) -> str:
    return str(event.facts.get(name) or "")


def _moment(event: ClockEvent, name: str) -> datetime | None:
    written = _told(event, name)
    return datetime.fromisoformat(written) if written else None


def _reckoning(clock: _Clock, rules: Rules) -> Reckoning:
    due = clock.due(min(clock.now, clock.stopped or clock.now))
    if clock.since is not None and clock.stopped is None:
        days = str(whole_days(clock.since, clock.now))
        clock.say("paused", since=day(clock.since), days=days, why=min(clock.why), due=day(due))
    targets = _targets(clock.began, due, rules)
    years = {date_of(target.at).year for target in targets}
    for year in sorted(year for year in years if not rules.calendar.knows(year)):
        clock.say("calendar_unknown", year=str(year))
    return Reckoning(
        began_at=clock.began,
        due_at=due,
        limit=AGREED if clock.agreed is not None else clock.limit,
        now=clock.now,
        targets=targets,
        steps=tuple(clock.steps),
        alerts=rules.limits.alerts,
        version=rules.limits.version,
        paused_since=clock.since if clock.stopped is None else None,
        stopped_at=clock.stopped,
        prove_by=clock.prove_by,
    )


def _targets(began: datetime, due: datetime, rules: Rules) -> tuple[Target, ...]:
    """Each at its time, never later than the date in force."""
    limits = rules.limits
    spans = dict(limits.targets_of(rules.priority))
    found = [(name, span.after(began, rules.calendar, limits.opens, limits.closes)) for name, span in spans.items()]
    if rules.personal:
        last = Span(working_days=limits.personal_days).after(began, rules.calendar, limits.opens, limits.closes)
        found.append(("personal", end_of_day(last, 0)))
    return tuple(Target(name=name, at=min(at, due)) for name, at in found)
