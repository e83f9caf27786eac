"""Number plates of vehicles (GA 36): ordinary ones with seven characters, those of new energy with eight."""

from __future__ import annotations

import re

from normalizer.extract.numerals import DIGITS
from normalizer.text import Found, Reading

PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
SAID = "".join(DIGITS)
PLATE = re.compile(
    rf"[{PROVINCE}]\s?(?P<city>[A-Za-z])[\s·.・•-]{{0,2}}"
    rf"(?P<rest>[A-Za-z0-9{SAID}](?:\s?[A-Za-z0-9{SAID}]){{3,5}}[挂学警港澳]?)(?![A-Za-z0-9])"
)
CONFUSED = str.maketrans("OI", "01")  # no plate has these letters behind its first two characters


def plates(reading: Reading) -> list[Found]:
    """Plates as written, digits that were said as digits; a letter that no plate has stands, its digit beside it."""
    found = []
    for match in PLATE.finditer(reading.flat):
        rest = "".join(DIGITS.get(c, c) for c in match["rest"] if not c.isspace()).upper()
        if len(rest) not in (5, 6) or sum(c.isdigit() for c in rest) < 2:
            continue
        head = match[0][0] + match["city"].upper()
        found.append(Found(value=head + rest, start=match.start(), end=match.end(), rule="plate.shape"))
        if (read_as := rest.translate(CONFUSED)) != rest:
            found.append(
                Found(
                    value=head + read_as,
                    start=match.start(),
                    end=match.end(),
                    rule="plate.candidate",
                    confidence=0.4,
                )
            )
    return found
