"""What a complaint is about, by a person's judgement: category, its detail, and product."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.casework.acts.by import By, require
from gateway.casework.acts.codes import MAIN, check_code
from gateway.casework.acts.confirming import Submit, confirm, open_case
from gateway.casework.acts.refusals import NoSuchCode, NothingNew
from gateway.house import House
from gateway.staff.actor import Right
from store.values import Case


async def classify(
    house: House,
    submit: Submit,
    number: str,
    *,
    actor: By,
    reason: str,
    category: str = "",
    category_detail: str = "",
    product: str = "",
) -> Case:
    """Let these codes stand; one that is not given stays, a detail brings its category along.

    Raises NoSuchComplaint, NotYours, Closed, MergedAway, NoSuchCode, NothingNew or NotTaken.
    """
    require(actor, Right.WORK)
    case = await open_case(house, number, actor)
    given = _checked({"category": category, "category_detail": category_detail, "product": product})
    values = _together(case, given)
    if not values:
        raise NothingNew
    return await confirm(house, submit, number, values, actor=actor, action="classify", reason=reason)


def _checked(codes: Mapping[str, str]) -> Mapping[str, str]:
    given = {name: code for name, code in codes.items() if code}
    for name, code in given.items():
        check_code(name, code)
    return given


def _together(case: Case, given: Mapping[str, str]) -> Mapping[str, str]:
    """A detail belongs to its category; one of another category goes."""
    values = dict(given)
    detail = given.get("category_detail", "")
    category = given.get("category", detail[:MAIN])
    if detail and not detail.startswith(category):
        raise NoSuchCode("category_detail")
    if category:
        values["category"] = category
        if not detail and not case.record.value("category_detail").startswith(category):
            values["category_detail"] = ""
    return values
