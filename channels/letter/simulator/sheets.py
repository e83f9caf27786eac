"""What a mailroom has beside letters: the sheet that it lays between two of them, and the envelope one came in."""

from __future__ import annotations

from datetime import date

from channels.letter.simulator.codes import SEPARATOR, qr
from channels.letter.simulator.invented import Person, somebody
from channels.letter.simulator.paper import A4, INK, Canvas, Colour, Page

ENVELOPE = (220.0, 110.0)  # mm, GB/T 1416 DL
KRAFT: Colour = (226, 204, 168)
FRAME: Colour = (200, 40, 40)
OURS = ("215000", "江苏省苏州市姑苏区人民路1号青湖保险大厦", "青湖财产保险股份有限公司 消费者权益保护部 收")


def separator_sheet() -> Page:
    """Our sheet between two letters, known by its code and, should that be lost, by its words."""
    page = Canvas(font="sans")
    page.centre(A4[0] / 2, 60, "分隔页", 72, font="sans-bold")
    page.paste(qr(SEPARATOR), A4[0] / 2 - 35, 115, 70)
    page.centre(A4[0] / 2, 200, "放在两封来信之间一起扫描，请勿写字，可重复使用", 14)
    return page.page()


def envelope(
    sender: Person | None = None,
    to: tuple[str, str, str] = OURS,
    posted: date = date(2026, 11, 18),
    office: str = "苏州平江",
) -> Page:
    """The front of an envelope: postcode boxes, ``to`` (postcode, address, name), sender, stamp and postmark."""
    whose = sender or somebody(1)
    page = Canvas(ENVELOPE, colour=KRAFT, font="serif")
    for place, digit in enumerate(to[0]):
        page.box((12 + place * 10, 10), (20 + place * 10, 19), colour=FRAME, mm=0.4)
        page.centre(16 + place * 10, 10.5, digit, 18)
    page.write(35, 40, to[1], 15)
    page.write(35, 54, to[2], 15)
    page.write(80, 84, f"{whose.address}  {whose.name}", 10)
    page.write(170, 94, f"邮政编码 {whose.postcode}", 10)
    _stamp(page, posted, office)
    return page.page()


def _stamp(page: Canvas, posted: date, office: str) -> None:
    page.box((186, 8), (210, 38), fill=(196, 222, 206), colour=(90, 130, 100), mm=0.5)
    page.centre(198, 12, "中国邮政", 8, colour=(60, 100, 70))
    page.centre(198, 29, "1.20元", 9, colour=(60, 100, 70))
    for radius in (12.5, 9.5):
        page.ellipse((178, 26), (radius, radius))
    page.centre(178, 14.2, office, 6.5, colour=INK)
    page.centre(178, 23.6, f"{posted:%Y.%m.%d}", 8, colour=INK)
    page.centre(178, 34, "收寄", 6, colour=INK)
