"""The same letter scanned twice looks alike; another letter does not."""

from __future__ import annotations

import numpy as np
import pytest

from channels.letter.reading.meaning.likeness import phash16
from channels.letter.reading.pixels import blurred
from channels.letter.reading.values import Picture
from normalizer.alike import ALIKE, SAME_PAPER, distance, looks_alike


def letter(seed: int) -> Picture:
    """Lines of words as bars: what a letter is to someone who stands far off."""
    chance, page = np.random.default_rng(seed), np.full((1170, 827), 250, np.uint8)
    for top in range(120, int(chance.integers(500, 1050)), 30):
        left = 100 if chance.random() < 0.7 else 140
        page[top : top + 14, left : int(chance.integers(250, 720))] = chance.integers(20, 90)
    return page


def test_a_second_scan_is_the_same_paper() -> None:
    chance = np.random.default_rng(1)
    again = np.clip(blurred(letter(1), 1.0) + chance.normal(0, 8, (1170, 827)), 0, 255).astype(np.uint8)
    assert distance(phash16(letter(1)), phash16(again)) <= SAME_PAPER


def test_a_scan_in_colour_is_the_same_paper() -> None:
    assert phash16(np.repeat(letter(1)[:, :, None], 3, axis=2)) == phash16(letter(1))


def test_other_letters_do_not_look_alike() -> None:
    seen = [phash16(letter(seed)) for seed in range(6)]
    nearest = min(distance(one, other) for at, one in enumerate(seen) for other in seen[:at])
    assert nearest > ALIKE


def test_a_likeness_is_256_bits_in_hexadecimal() -> None:
    assert len(phash16(letter(1))) == 64


def test_a_letter_without_a_likeness_is_like_none() -> None:
    assert not looks_alike("", "")
    assert looks_alike("f" * 64, "f" * 64)
    with pytest.raises(ValueError, match="different"):
        distance("ff", "fff")
