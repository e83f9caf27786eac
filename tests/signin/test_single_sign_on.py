"""Single sign-on against a provider on loopback: who gets in, and every answer that must not be believed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse
from joserfc.jwk import ECKey, OctKey, RSAKey
from pydantic import SecretStr

from gateway.staff.signin.oidc import Client
from gateway.staff.signin.people import Facts
from store.desk import Branch
from store.unit import Store
from tests.clock import SetClock
from tests.signin.provider import CLIENT, SECRET, FakeProvider, provider_at
from tests.signin.rig import ON_ONE, Rig, rig_over

pytestmark = ON_ONE
REFUSED = "/console/sign-in?sso=1"


@dataclass(kw_only=True)
class Both:
    rig: Rig
    provider: FakeProvider

    async def begin(self, target: str = "") -> dict[str, str]:
        """The browser goes to the provider; what it brings there."""
        answer = await self.rig.get("/sign-in/sso", params={"next": target} if target else {})
        return self.provider.authorize(answer.headers["Location"])

    async def come_back(self, **query: str) -> ClientResponse:
        return await self.rig.get("/sign-in/sso/callback", params=query)

    async def sign_in(self, target: str = "") -> str:
        """There and back; where the browser ends."""
        asked = await self.begin(target)
        return (await self.come_back(code="code-1", state=asked["state"])).headers["Location"]

    async def roles(self) -> tuple[frozenset[str], str]:
        async with self.rig.house.store.reading() as unit:
            person = await unit.people.by_login("wang")
        assert person is not None
        return person.roles, person.branch


async def both_with(store: Store, **settings: Any) -> AsyncIterator[Both]:
    clock = SetClock()
    async with provider_at(clock) as provider:
        client = Client(issuer=provider.issuer, client_id=CLIENT, client_secret=SecretStr(SECRET), **settings)
        async with rig_over(store, client=client) as rig:
            provider.clock = rig.clock
            yield Both(rig=rig, provider=provider)


@pytest.fixture
async def both(store: Store) -> AsyncIterator[Both]:
    async for made in both_with(store):
        await made.rig.person()
        yield made


@pytest.fixture
async def by_mail(store: Store) -> AsyncIterator[Both]:
    async for made in both_with(store, login_claim="email"):
        await made.rig.person(email="Wang@example.cn")
        yield made


@pytest.fixture
async def by_roles(store: Store) -> AsyncIterator[Both]:
    async for made in both_with(store, role_claim="groups", branch_claim="branch"):
        yield made


async def test_whoever_the_provider_knows_is_in_and_goes_where_they_wanted(both: Both) -> None:
    assert "/console/sign-in/sso" in await (await both.rig.get("/sign-in")).text()
    assert await both.sign_in("/console/queue") == "/console/queue"
    assert (await (await both.rig.get("/queue")).json())["login"] == "wang"
    assert ("wang", "sign_in", "wang") in await both.rig.audited()


async def test_the_provider_is_asked_as_the_standard_says(both: Both) -> None:
    asked = await both.begin()
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"].split()[0] == "openid"
    assert asked["redirect_uri"].endswith("/console/sign-in/sso/callback")
    again = await both.begin()
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))


WRONG: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "other"}},
    "no nonce": {"claims": {"nonce": None}},
    "for another client": {"claims": {"aud": "other"}},
    "for us among others, asked by another": {"claims": {"aud": [CLIENT, "other"], "azp": "other"}},
    "for us among others, asked by nobody": {"claims": {"aud": [CLIENT, "other"]}},
    "of another issuer": {"claims": {"iss": "https://evil.example"}},
    "no expiry": {"claims": {"exp": None}},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "made tomorrow": {"claims": {"iat": 4_000_000_000}},
    "of nobody": {"claims": {"sub": ""}},
    "unsigned": {"unsigned": True},
    "signed with a swapped key": {"signing": RSAKey.generate_key(2048)},
    "of a key nobody knows": {"header": {"kid": "key-9"}},
    "signed with the public key as a shared secret": {"alg": "HS256", "signing": OctKey.generate_key(256)},
    "of a shared key that is published": {"header": {"kid": "shared"}},
}


@pytest.mark.parametrize("how", list(WRONG))
async def test_a_token_that_does_not_hold_opens_nothing(both: Both, how: str) -> None:
    for name, value in WRONG[how].items():
        setattr(both.provider, name, value)
    assert await both.sign_in() == REFUSED
    assert both.provider.exchanges == ["code-1"]
    assert both.rig.cookie == ""


async def test_a_minute_between_the_clocks_is_forgiven(both: Both) -> None:
    now = int(both.rig.clock.now().timestamp())
    both.provider.claims = {"exp": now - 30, "iat": now + 30}
    assert await both.sign_in() == "/console"


async def test_a_token_on_an_elliptic_curve_holds_too(both: Both) -> None:
    both.provider.key, both.provider.alg = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}), "ES256"
    assert await both.sign_in() == "/console"


async def test_a_token_that_names_no_key_may_be_signed_with_any(both: Both) -> None:
    both.provider.header = {"kid": None}
    assert await both.sign_in() == "/console"


async def test_a_key_that_was_changed_is_fetched_but_not_again_and_again(both: Both) -> None:
    await both.sign_in()
    both.provider.key = RSAKey.generate_key(2048, {"kid": "key-2", "use": "sig"})
    both.rig.clock.advance(minutes=2)
    both.rig.another_browser()
    assert await both.sign_in() == "/console"
    both.provider.header = {"kid": "key-3"}
    for _ in range(5):
        both.rig.another_browser()
        assert await both.sign_in() == REFUSED
    assert both.provider.key_requests == 2


async def test_an_answer_to_another_browsers_question_is_refused(both: Both) -> None:
    asked = await both.begin()
    both.rig.another_browser()
    assert (await both.come_back(code="code-1", state=asked["state"])).headers["Location"] == REFUSED
    assert not both.provider.exchanges


@pytest.mark.parametrize(
    "query",
    [
        {"code": "code-1", "state": "wrong"},
        {"code": "code-1", "state": ""},
        {"error": "access_denied"},
        {"code": "code-1", "iss": "https://evil.example"},
        {"code": "stolen"},
    ],
)
async def test_an_answer_that_is_none_is_refused(both: Both, query: dict[str, str]) -> None:
    asked = await both.begin()
    assert (await both.come_back(**{"state": asked["state"], **query})).headers["Location"] == REFUSED
    assert both.rig.cookie == ""


async def test_an_answer_counts_once_in_a_browser(both: Both) -> None:
    asked = await both.begin()
    await both.come_back(code="code-1", state="wrong")
    assert (await both.come_back(code="code-1", state=asked["state"])).headers["Location"] == REFUSED


async def test_an_answer_that_took_too_long_is_refused(both: Both) -> None:
    asked = await both.begin()
    both.rig.clock.advance(minutes=10)
    assert (await both.come_back(code="code-1", state=asked["state"])).headers["Location"] == REFUSED


async def test_a_provider_that_is_away_or_another_is_told_and_not_followed(both: Both) -> None:
    both.provider.down = True
    assert (await both.rig.get("/sign-in/sso")).headers["Location"] == REFUSED
    both.provider.down = False
    for wrong in ({"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}):
        both.provider.metadata = wrong
        assert (await both.rig.get("/sign-in/sso")).headers["Location"] == REFUSED


async def test_nobody_gets_in_who_is_not_known_here_or_was_disabled(both: Both) -> None:
    both.provider.claims = {"preferred_username": "stranger", "groups": ["admin"]}
    assert await both.sign_in() == REFUSED
    both.provider.claims = {}
    await both.rig.desk.personnel.change(
        "wang", Facts(name="王芳", roles=frozenset({"officer"}), active=False), by="test"
    )
    assert await both.sign_in() == REFUSED
    assert await both.rig.audited() == [("unknown", "sign_in_failed", "unknown")] * 2


async def test_a_person_is_known_by_their_subject_from_the_first_time_on(both: Both) -> None:
    await both.sign_in()
    both.rig.another_browser()
    both.provider.claims = {"preferred_username": "wang.fang"}
    assert await both.sign_in() == "/console"
    both.rig.another_browser()
    both.provider.claims = {"sub": "subject-2"}
    assert await both.sign_in() == REFUSED


async def test_an_address_counts_only_when_the_provider_has_checked_it(by_mail: Both) -> None:
    by_mail.provider.claims = {"email": "wang@example.cn"}
    assert await by_mail.sign_in() == REFUSED
    by_mail.provider.claims = {"email": "wang@example.cn", "email_verified": True}
    assert await by_mail.sign_in() == "/console"


async def test_where_the_provider_gives_the_roles_they_follow_it(by_roles: Both) -> None:
    await by_roles.rig.desk.personnel.put_branch(Branch(code="sh", name="上海分公司"), by="test")
    by_roles.provider.claims = {"groups": ["officer", "something-else"], "branch": "sh", "name": "王芳"}
    assert await by_roles.sign_in() == "/console"
    assert await by_roles.roles() == (frozenset({"officer"}), "sh")
    by_roles.provider.claims = {"groups": "supervisor clerk", "branch": "head-office"}
    assert await by_roles.sign_in() == "/console"
    assert await by_roles.roles() == (frozenset({"supervisor", "clerk"}), "")
    by_roles.rig.another_browser()
    by_roles.provider.claims = {"groups": [], "branch": "sh"}
    assert await by_roles.sign_in() == REFUSED


@pytest.mark.parametrize(
    "claims",
    [
        {"groups": ["king"], "branch": "head-office"},
        {"groups": ["officer"]},
        {"groups": ["officer"], "branch": ""},
        {"groups": ["officer"], "branch": "nowhere"},
        {"groups": ["officer"], "branch": "head-office", "preferred_username": "no login!"},
    ],
)
async def test_nobody_is_made_without_a_role_and_a_branch_of_ours(by_roles: Both, claims: dict[str, Any]) -> None:
    by_roles.provider.claims = claims
    assert await by_roles.sign_in() == REFUSED
    async with by_roles.rig.house.store.reading() as unit:
        assert await unit.people.nobody()
