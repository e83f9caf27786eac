"""What the API says and hears of people and branches."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from gateway.staff.actor import Role
from gateway.staff.shapes import SOMETHING, Asked, Shape

LOGIN = r"^[a-z0-9][a-z0-9._@\-]{1,63}$"
CODE = r"^[a-z0-9][a-z0-9\-]{0,31}$"
Login = Annotated[str, Field(pattern=LOGIN)]
BranchCode = Annotated[str, Field(pattern=CODE)]
SomeBranch = Annotated[str, Field(pattern=rf"^$|{CODE}", description="Empty: the head office")]
Line = Annotated[str, Field(min_length=1, max_length=100, pattern=SOMETHING)]
Email = Annotated[str, Field(max_length=100, pattern=r"^$|^[^\s@]+@[^\s@]+$")]


class PersonFacts(Asked):
    """What is not given stays as it is."""

    name: Line | None = None
    email: Email | None = None
    roles: list[Role] | None = Field(None, min_length=1, max_length=len(Role))
    branch: SomeBranch | None = None
    active: bool | None = None


class NewPerson(Asked):
    login: Login
    name: Line
    roles: list[Role] = Field(min_length=1, max_length=len(Role))
    branch: SomeBranch = ""
    email: Email = ""


class PersonShown(Shape):
    login: str
    name: str
    email: str
    roles: list[str]
    branch: str
    active: bool
    second_factor: bool
    created: datetime | None
    seen: datetime | None


class PeopleList(Shape):
    items: list[PersonShown]


class FirstPassword(Shape):
    login: str
    password: str = Field(description="Told this once; good for one sign-in")


class SessionsEnded(Shape):
    ended: int


class BranchFacts(Asked):
    name: Line
    parent: SomeBranch = ""


class BranchShown(Shape):
    code: str
    name: str
    parent: str


class BranchList(Shape):
    items: list[BranchShown]
