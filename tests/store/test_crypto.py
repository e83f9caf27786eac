"""Sealing, key rings, blind indexes and the secret's file."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.crypto import Keyring, new_secret
from store.errors import BadSecret, Damaged, WrongKey
from store.secret_file import load_or_create_secret

OLD, NEW = new_secret(), new_secret()
RING = Keyring.from_secret(OLD)
ROTATED = Keyring.from_secret(f"{NEW},{OLD}")


@given(st.binary(max_size=500))
def test_what_was_sealed_opens_again(value: bytes) -> None:
    assert RING.open(RING.seal(value, "t.c"), "t.c") == value


def test_the_same_words_are_sealed_differently_each_time() -> None:
    assert RING.seal("王小明", "t.c") != RING.seal("王小明", "t.c")


def test_a_sealed_value_does_not_open_in_another_column() -> None:
    with pytest.raises(Damaged):
        RING.open(RING.seal("x", "outbox.body"), "tasks.detail")


@pytest.mark.parametrize("place", [0, 6, 20, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    sealed = bytearray(RING.seal("text", "t.c"))
    sealed[place] ^= 1
    with pytest.raises(Damaged):
        RING.open(bytes(sealed), "t.c")


@given(st.binary(max_size=60))
def test_bytes_that_were_never_sealed_are_refused_in_our_own_words(junk: bytes) -> None:
    with pytest.raises((Damaged, WrongKey)):
        RING.open(junk, "t.c")


def test_a_ring_with_a_new_secret_in_front_opens_what_the_old_one_sealed() -> None:
    assert ROTATED.open(RING.seal("x", "t.c"), "t.c") == b"x"


def test_what_the_new_secret_sealed_needs_the_new_secret() -> None:
    with pytest.raises(WrongKey):
        RING.open(ROTATED.seal("x", "t.c"), "t.c")


def test_changing_secrets_leaves_the_blind_indexes_as_they_are() -> None:
    assert ROTATED.index("phone", "13812345678") == RING.index("phone", "13812345678")
    assert ROTATED.chain(b"link") == RING.chain(b"link")


def test_another_secret_makes_other_indexes() -> None:
    assert Keyring.from_secret(NEW).index("phone", "138") != RING.index("phone", "138")


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "+8613812345678", "138 1234 5678"),
        ("phone", "+8613812345678", "008613812345678"),
        ("phone", "+862164001234", "021-64001234"),
        ("phone", "１３８１２３４５６７８", "13812345678"),
        ("email", " Wang@Example.COM ", "wang@example.com"),
        ("id_number", "11010519491231002x", "110105 19491231 002X"),
        ("policy_number", "p2024 abc001", "P2024ABC001"),
        ("name", "王 小明", "王小明"),
    ],
)
def test_spellings_of_one_identifier_have_one_index(kind: str, one: str, other: str) -> None:
    assert RING.index(kind, one) == RING.index(kind, other)
    assert len(RING.index(kind, one)) == 32


def test_an_openid_counts_to_the_letter() -> None:
    assert RING.index("openid", "oAbC") != RING.index("openid", "oabc")


def test_a_foreign_number_is_not_taken_for_a_domestic_one() -> None:
    assert RING.index("phone", "+1 212 555 0100") != RING.index("phone", "12125550100")


@pytest.mark.parametrize("text", ["", ",", "short", "!" * 43, "A" * 45, "A" * 43 + ",x", "王" * 43])
def test_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(BadSecret):
        Keyring.from_secret(text)


def test_the_first_start_makes_a_secret_and_the_next_finds_it(tmp_path: Path) -> None:
    secret, made = load_or_create_secret(tmp_path / "var")
    assert made
    assert load_or_create_secret(tmp_path / "var") == (secret, False)
    assert Keyring.from_secret(secret)


def test_the_secret_is_for_its_owner_alone_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    load_or_create_secret(tmp_path)
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_processes_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starts:
        found = list(starts.map(lambda _: load_or_create_secret(tmp_path), range(8)))
    assert len({secret for secret, _ in found}) == 1
    assert sum(made for _, made in found) == 1
