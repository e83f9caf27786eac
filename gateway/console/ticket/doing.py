"""A form of a ticket in hand, and what is done with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gateway.casework.acts.confirming import Submit
from gateway.casework.acts.preview import Preview
from gateway.console.ticket.forms import Form
from gateway.house import House
from gateway.staff.actor import Actor, Right


@dataclass(frozen=True, kw_only=True, slots=True)
class Doing:
    """One form in hand."""

    house: House
    submit: Submit
    number: str
    actor: Actor
    form: Form


Deed = Callable[[Doing], Awaitable[object]]
Look = Callable[[Doing], Awaitable[Preview | None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """``previewed`` gives the words that the customer gets, None where they get none: then nothing is shown first."""

    right: Right
    do: Deed
    previewed: Look | None = None
