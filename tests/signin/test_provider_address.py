"""Where the provider may be, and what is put together only where there is one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from gateway.staff.signin.oidc import Client, Provider
from tests.clock import SetClock
from tests.signin.provider import CLIENT


def test_a_provider_in_clear_is_for_loopback_alone() -> None:
    client = Client(issuer="http://login.example.cn", client_id=CLIENT, client_secret=SecretStr(""))
    with pytest.raises(ValueError, match="TOUSU_OIDC_ISSUER is plain http"):
        Provider(client, SetClock())
    Provider(replace(client, issuer="https://login.example.cn"), SetClock())
