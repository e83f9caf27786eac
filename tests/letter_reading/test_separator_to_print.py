"""The separator sheet that mailrooms print, as a scanner sees it however it lies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from channels.letter.reading.files.file import open_file
from channels.letter.reading.meaning.codes import find_codes
from channels.letter.reading.meaning.ours import is_separator

SHEET = Path(__file__).parents[2] / "deploy" / "letters" / "separator.pdf"


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_the_sheet_to_print_bears_our_code_however_it_lies(turns: int) -> None:
    with open_file(SHEET.read_bytes()) as opened:
        [sheet] = opened.sheets()
    picture = np.ascontiguousarray(np.rot90(sheet.picture, turns))
    assert [is_separator(code.text) for code in find_codes(picture)] == [True]
