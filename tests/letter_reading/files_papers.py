"""Papers as scanners, telephones and ill-wishers make them, made here."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
import typst
from PIL import Image, ImageDraw, ImageFont

QUICK = {"preset": "ultrafast"}  # the camera's work, not ours: a third of the time, and a larger file
CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
needs_cjk = pytest.mark.skipif(not CJK.exists(), reason="fonts-noto-cjk is not installed")
LETTER = (
    "Dear Sir or Madam,\nI complain that claim C2026030077 was refused on 5 March 2026.\n"
    "Please pay 12,800.00 yuan to my account.\nYours faithfully, Zhang San, telephone 13800138000"
)


def page(width: int = 1654, height: int = 2339, mode: str = "L", text: str = LETTER) -> Image.Image:
    """A page of type in black on white."""
    sheet = Image.new("L", (width, height), 255)
    ink = ImageDraw.Draw(sheet)
    size = max(12, width // 40)
    ink.multiline_text((width // 10, height // 10), text, fill=0, font=ImageFont.load_default(size), spacing=size // 2)
    return sheet.convert(mode)


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    if form == "HEIF":
        pillow_heif.register_heif_opener()
        options = {"enc_params": QUICK, **options}
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def tiff(pages: Sequence[Image.Image], **options: object) -> bytes:
    return saved(pages[0], "TIFF", save_all=True, append_images=list(pages[1:]), **options)


def photograph(width: int = 3400, height: int = 2550, orientation: int = 1, form: str = "JPEG") -> bytes:
    """A page as a telephone held it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(page(width, height, "RGB"), form, exif=exif.tobytes())


def typeset(body: str = "", pages: int = 1, head: str = "") -> bytes:
    """A born-digital PDF."""
    text = body or LETTER.replace("\n", " \\\n")
    source = f'#set page(paper: "a4")\n#set text(font: ("Noto Sans CJK SC", "Libertinus Serif"), lang: "zh")\n{head}\n'
    return bytes(typst.compile((source + "\n#pagebreak()\n".join([text] * pages)).encode()))


def pdf(
    contents: Sequence[bytes] = (b"",),
    *,
    box: str = "0 0 595 842",
    page_more: bytes = b"",
    more: Mapping[int, bytes] | None = None,
    root_more: bytes = b"",
    resources: bytes = b"/XObject<</I1 100 0 R>>",
) -> bytes:
    """A PDF written by hand: a page for each content, Helvetica as /F1, further objects from number 100."""
    first = 10
    kids = b" ".join(b"%d 0 R" % (first + 2 * index) for index in range(len(contents)))
    parts = {
        1: b"<</Type/Catalog/Pages 2 0 R" + root_more + b">>",
        2: b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % len(contents),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    for index, content in enumerate(contents):
        number = first + 2 * index
        shared = b"/Resources<</Font<</F1 3 0 R>>" + resources + b">>"
        frame = b"/MediaBox[" + box.encode() + b"]"
        parts[number] = b"<</Type/Page/Parent 2 0 R%s%s%s/Contents %d 0 R>>" % (frame, shared, page_more, number + 1)
        parts[number + 1] = stream(b"", content)
    return assembled({**parts, **(more or {})})


def stream(head: bytes, content: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(content), content)


def assembled(parts: Mapping[int, bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, part in sorted(parts.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start, size = len(out), max(parts) + 1
    out += b"xref\n0 %d\n" % size
    for number in range(size):
        out += b"%010d %05d %s \n" % ((places[number], 0, b"n") if number in places else (0, 65535, b"f"))
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start))


def written(lines: Sequence[str], mode: int = 0, colour: str = "0 g") -> bytes:
    """Lines of type on a page of a PDF; ``mode`` 3 leaves no ink."""
    shown = "".join(f"({line}) Tj T* " for line in lines)
    return f"BT {colour} {mode} Tr /F1 12 Tf 18 TL 72 720 Td {shown}ET\n".encode()


LINES = LETTER.replace("\n", " / ").split(" / ")
SCAN = b"q 595 0 0 842 0 0 cm /I1 Do Q\n"  # a picture over the whole page


def scan_in_pdf(image: Image.Image, contents: Sequence[bytes] = (SCAN,), **options: object) -> bytes:
    """A PDF of one picture, as scanners write it."""
    bits, space = (
        (1, b"/DeviceGray") if image.mode == "1" else (8, b"/DeviceRGB" if image.mode == "RGB" else b"/DeviceGray")
    )
    head = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace%s/BitsPerComponent %d/Filter/FlateDecode"
    picture = stream(head % (*image.size, space, bits), zlib.compress(image.tobytes()))
    return pdf(contents, more={100: picture}, **options)  # type: ignore[arg-type]


def darkness(picture: np.ndarray) -> float:
    """Share of dark pixels."""
    return float(np.mean(picture < 128))
