"""Forms with files: of our pages, of the staff's API and as they lie in the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import strategies as st

from channels.errors import Unreadable
from channels.forms.files import Refused, checked_file
from channels.forms.item import FormItem, pack, read_form
from gateway.customers.body import MOST_FIELDS, MULTIPART, URLENCODED, sent_in
from gateway.customers.multipart import MOST_PARTS, Broken
from gateway.staff.problems import Problem
from gateway.staff.uploads import MOST_PARTS as MOST_UPLOADED
from gateway.staff.uploads import read_form as read_upload
from normalizer.record import Attachment
from tests.fuzz.target import Run, Target, plainly
from tests.fuzz.targets.asking import loop, request

MARK = "----b"
TYPE = f"{MULTIPART}; boundary={MARK}"


def _part(name: str, filename: str | None, content: bytes) -> bytes:
    told = f'form-data; name="{name}"' + ("" if filename is None else f'; filename="{filename}"')
    return f"--{MARK}\r\nContent-Disposition: {told}\r\n\r\n".encode("utf-8", "replace") + content + b"\r\n"


def _form(parts: list[bytes]) -> bytes:
    return b"".join(parts) + f"--{MARK}--\r\n".encode()


GOOD = [
    _form([_part("matter", None, "理赔太慢".encode()), _part("files", "保单.pdf", b"%PDF-1.7\n\r\n--x")]),
    _form([_part("a", None, b""), _part("a", None, b"2"), _part("letter", "", b"")]),
    b"matter=%E6%8A%95%E8%AF%89&phone=13812345678&x=",
]
some = st.text(max_size=12).filter(
    lambda text: '"' not in text and "\\" not in text and "\r" not in text and "\n" not in text
)
forms = st.lists(
    st.builds(
        _part,
        st.sampled_from(["matter", "files", "letter", "papers", "csrf"]) | some,
        st.none() | some,
        st.binary(max_size=80),
    ),
    max_size=6,
).map(_form)
WORDS = [
    f"--{MARK}\r\n".encode(),
    f"--{MARK}--\r\n".encode(),
    b"\r\n\r\n",
    b'Content-Disposition: form-data; name="files"; filename="x.pdf"\r\n\r\n',
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Content-Type: multipart/mixed; boundary=i\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Type: text/plain; charset=utf-7\r\n",
    b"filename*=utf-8''%ff",
    b'_charset_"\r\n\r\nidna',
    b"&",
    b"=%00",
]


def of_customers(data: bytes) -> None:
    """Every file is a piece of the body, byte for byte, and none of it is in two files."""
    for kind, told in ((MULTIPART, TYPE), (URLENCODED, URLENCODED)):
        try:
            sent = sent_in(data, {"Content-Type": told}, kind)
        except Broken as error:
            assert len(str(error)) < 100  # noqa: PT017
            continue
        place = 0
        for _, content in sent.files:
            found = data.find(content, place)
            assert found >= 0, "a file that was not sent"
            place = found + len(content)
        assert len(sent.files) + len(sent.values) <= max(MOST_PARTS, MOST_FIELDS)
        for name, content in sent.files:
            _check_file(name, content)


def _check_file(name: str, content: bytes) -> None:
    try:
        assert checked_file(name, content).content == content
    except Refused as refused:
        assert refused.why in {"count", "size", "total", "empty", "kind"}  # noqa: PT017


@contextmanager
def of_staff() -> Iterator[Run]:
    with loop() as on:

        def run(data: bytes) -> None:
            asked = request("/api/v1/letters", data, {"Content-Type": TYPE}, on)
            try:
                form = on.run_until_complete(read_upload(asked, {"letter": 5, "envelope": 1}))
            except Problem as problem:
                assert 400 <= problem.status < 500  # noqa: PT017
            else:
                assert len(form.words) + sum(map(len, form.files.values())) <= MOST_UPLOADED
                if b"ransfer-" not in data and b"ncoding" not in data:
                    assert all(paper.content in data for papers in form.files.values() for paper in papers)

        yield run


def kept(data: bytes) -> None:
    """What was read is the form that was packed: packed again, it reads the same."""
    try:
        found = read_form(data)
    except Unreadable as error:
        assert len(str(error)) < 200  # noqa: PT017
    else:
        again = read_form(pack(found))
        assert (again.visit, again.text, dict(again.given)) == (found.visit, found.text, dict(found.given))
        assert [each.content for each in again.files] == [each.content for each in found.files]
        assert all((each.content or b"") in data for each in found.files)


KEPT = [
    pack(
        FormItem(
            visit="v", text="话", given={"phone": "1"}, files=(Attachment(name="a", media_type="x/y", content=b"1\n2"),)
        )
    ),
    pack(FormItem(visit="v")),
]
heads = st.dictionaries(
    st.sampled_from(["form", "visit", "text", "given", "thread", "files"]),
    st.none()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.dictionaries(st.text(), st.text()), max_size=2),
    max_size=6,
).map(
    lambda head: json.dumps(
        {"form": 1, "visit": "", "text": "", "given": {}, "thread": None, "files": [], **head}
    ).encode()
)

TARGETS = (
    Target(name="form-customers", open=plainly(of_customers), seeds=lambda: GOOD, shapes=forms, words=WORDS),
    Target(name="form-staff", open=of_staff, seeds=lambda: GOOD, shapes=forms, words=WORDS),
    Target(
        name="form-kept",
        open=plainly(kept),
        seeds=lambda: KEPT,
        shapes=heads.map(lambda head: head + b"\nrest"),
        words=[
            b'"size":',
            b"-1",
            b"1e999",
            b'"thread":{"number":1,"by":[null],"proven":1}',
            b'"files":[{}]',
            b"\n",
            b"[" * 90,
        ],
    ),
)
