"""The press of these tests; where its fonts are not installed there is nothing to look at."""

from __future__ import annotations

import pytest

from channels.letter.printing.fonts import NoFonts, find_fonts
from channels.letter.printing.render import Renderer
from tests.letter_printing.letters import HEAD


@pytest.fixture(scope="session")
def fonts() -> None:
    """What needs letters set asks for this."""
    try:
        find_fonts()
    except NoFonts as error:
        pytest.skip(f"fonts-noto-cjk: {error}")


@pytest.fixture(scope="session")
def renderer(fonts: None) -> Renderer:
    return Renderer(HEAD)
