"""Evidence that waits at a provider is thrown away only on the provider's word."""

from __future__ import annotations

import pytest

from channels.base import Fetcher
from channels.errors import Misconfigured, Rejected, Retryable, Unreachable
from gateway.delivery.fetching import FetchingWorker
from normalizer.record import Attachment
from store.values import FileState
from tests.delivery.post import Office
from tests.store.things import arrive, file


class Provider:
    def __init__(self, error: Exception | None) -> None:
        self.error = error

    async def fetch(self, attachment: Attachment) -> Attachment:
        if self.error is not None:
            raise self.error
        return Attachment(name=attachment.name, media_type="image/jpeg", content=b"jpeg")


async def evidence(office: Office) -> None:
    async with office.store.unit() as unit:
        await unit.files.add(file("f1", await arrive(unit)))
        await unit.commit()


async def state(office: Office) -> FileState:
    async with office.store.reading() as unit:
        found = await unit.files.get("f1")
    assert found is not None
    return found.state


def fetching(office: Office, **fetchers: Fetcher) -> FetchingWorker:
    return FetchingWorker(office.house, fetchers)


async def test_evidence_of_a_channel_that_is_off_waits_until_it_is_on_again(office: Office) -> None:
    await evidence(office)
    assert await fetching(office).run_once() == 0
    assert await fetching(office, email=Provider(None)).run_once() == 0
    assert await state(office) is FileState.WAITING

    assert await fetching(office, wechat=Provider(None)).run_once() == 1
    assert await state(office) is FileState.STORED


@pytest.mark.parametrize(
    "error", [Misconfigured("no key"), Unreachable("not here"), Retryable("busy"), TimeoutError(), KeyError("oops")]
)
async def test_only_the_providers_word_makes_evidence_lost(office: Office, error: Exception) -> None:
    await evidence(office)
    await fetching(office, wechat=Provider(error)).run_once()
    assert await state(office) is FileState.WAITING
    assert await office.tasks("review") == []


async def test_evidence_that_the_provider_calls_gone_is_told_to_staff(office: Office) -> None:
    await evidence(office)
    await fetching(office, wechat=Provider(Rejected("40007 invalid media_id"))).run_once()
    assert await state(office) is FileState.LOST
    assert [task.reason for task in await office.tasks("review")] == ["media_lost"]


async def test_wrong_settings_of_ours_are_told_once_and_cost_no_evidence(office: Office) -> None:
    await evidence(office)
    worker = fetching(office, wechat=Provider(Misconfigured("40001 secret")))
    for _ in range(5):
        assert await worker.run_once() == 1
        office.clock.advance(days=1)
    assert await state(office) is FileState.WAITING
    assert [task.reason for task in await office.tasks()] == ["misconfigured"]
