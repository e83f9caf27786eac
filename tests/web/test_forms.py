"""A filled form as an item: the same again from its bytes, and only files that are what they say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Item, Outbound, OutboundKind
from channels.counter.channel import CounterChannel
from channels.errors import Unreachable, Unreadable
from channels.forms import Refused, checked_file, checked_files, item_of, submission_of_form, visitor
from channels.web.channel import WebChannel
from gateway.customers.multipart import Broken, parts
from normalizer.normalize import normalize
from normalizer.record import Attachment, Complaint, Method, Submission

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
PDF = b"%PDF-1.7\nx"
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


def form(text: str = "", files: tuple[Attachment, ...] = (), /, **values: str) -> Submission:
    return submission_of_form("web", "visit", values, text, files, token="one", at=AT, language="zh-Hans")


@given(text=TEXTS, name=TEXTS, phone=TEXTS, content=st.binary(max_size=200))
async def test_a_form_read_from_its_bytes_is_the_same_form(text: str, name: str, phone: str, content: bytes) -> None:
    file = Attachment(name="a.pdf", media_type="application/pdf", content=PDF + content)
    made = form(text, (file, file), complainant_name=name, phone=phone)
    assert await WebChannel().read(item_of(made)) == made


@given(st.binary(max_size=300))
async def test_bytes_that_are_no_form_are_unreadable_and_nothing_else(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        await WebChannel().read(Item(channel="web", key="k", received_at=AT, raw=raw))


def test_a_key_belongs_to_one_visit() -> None:
    other = submission_of_form("web", "another", {}, "x", (), token="one", at=AT)
    assert form("x").key != other.key


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("保单.PDF", PDF, "application/pdf"),
        ("../../a.jpeg", b"\xff\xd8\xff\xe0x", "image/jpeg"),
        ("C:\\照片\\b.heic", b"\0\0\0\x18ftypheic", "image/heic"),
        ("录音.m4a", b"\0\0\0\x18ftypM4A ", "audio/mp4"),
        ("说明.txt", "理赔太慢".encode(), "text/plain"),
        ("合同.docx", b"PK\x03\x04xx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_pictures_papers_and_recordings_are_taken_by_what_they_are(name: str, content: bytes, kind: str) -> None:
    file = checked_file(name, content)
    assert file.media_type == kind
    assert "/" not in file.name
    assert "\\" not in file.name


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.exe", b"MZ\x90", "kind"),
        ("a.jpg", b"MZ\x90", "kind"),
        ("a.html", b"<html>", "kind"),
        ("a.svg", b"<svg>", "kind"),
        ("a.txt", b"  <script>", "kind"),
        ("a.txt", b"#!/bin/sh", "kind"),
        ("a.pdf.js", PDF, "kind"),
        ("noending", PDF, "kind"),
        ("a.pdf", b"", "empty"),
    ],
)
def test_what_a_browser_or_a_shell_would_run_is_not_taken(name: str, content: bytes, why: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_file(name, content)
    assert refused.value.why == why


def test_too_many_files_are_told_so() -> None:
    with pytest.raises(Refused, match="count"):
        checked_files([("a.pdf", PDF)] * 11)


@given(
    st.lists(
        st.tuples(st.sampled_from(["matter", "files"]), st.none() | st.just("a.jpg"), st.binary(max_size=300)),
        min_size=1,
        max_size=6,
    )
)
def test_files_come_out_of_a_form_byte_for_byte(told: list[tuple[str, str | None, bytes]]) -> None:
    told = [(name, file, content.replace(b"--b0undary", b"")) for name, file, content in told]
    body = b"".join(
        b'--b0undary\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        % (name.encode(), b'; filename="a.jpg"' if file else b"", content)
        for name, file, content in told
    )
    found = parts(body + b"--b0undary--\r\n", "multipart/form-data; boundary=b0undary")
    assert [(each.name, each.filename, each.content) for each in found] == told


@given(st.binary(max_size=200))
def test_a_broken_form_is_broken_and_nothing_else(body: bytes) -> None:
    try:
        list(parts(body, "multipart/form-data; boundary=x"))
    except Broken:
        return
    assert body.startswith(b"--x")


async def test_nobody_is_reached_at_a_counter_and_a_page_only_holds_what_is_said() -> None:
    outbound = Outbound(id="1", channel="web", to=visitor("v"), text="x", kind=OutboundKind.STATUS, created_at=AT)
    receipt = await WebChannel().send(outbound)
    assert (receipt.via, receipt.delivered) == ("page", False)
    with pytest.raises(Unreachable):
        await CounterChannel().send(outbound)


# -- what is given by name ---------------------------------------------------------------------------------------------


def record(text: str = "车险理赔拖了两个月还没赔", so_far: Complaint | None = None, /, **values: str) -> Complaint:
    return normalize(form(text, **values), so_far)


def test_a_visit_is_no_contact() -> None:
    assert record(complainant_name="王小明", request="尽快赔付").missing == ("contact",)


def test_what_stands_in_a_field_is_its_value_in_canonical_form() -> None:
    found = record(complainant_name="王小明", phone="138 1234-5678", request="赔钱", email="W@qq.com")
    assert not found.missing
    assert found.value("phone") == "+8613812345678"
    assert {found.fields[name].method for name in ("phone", "complainant_name", "request")} == {Method.ANSWER}


def test_a_name_like_no_other_is_still_the_name() -> None:
    assert record(complainant_name="John O'Neil").value("complainant_name") == "John O'Neil"
    assert record(complainant_name="买买提·吐尔逊").value("complainant_name") == "买买提·吐尔逊"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("phone", "1381234"),
        ("id_number", "110101199003077775"),
        ("email", "wang at qq"),
        ("complainant_name", "12345"),
        ("request", "不知道"),
    ],
)
def test_what_cannot_be_right_is_not_written_down(name: str, words: str) -> None:
    assert not record(**{name: words}).value(name)


def test_a_field_tells_of_itself_alone() -> None:
    found = record(respondent="上海分公司李强，电话13900000000", complainant_name="王小明")
    assert found.value("complainant_name") == "王小明"
    assert not found.value("phone")


def test_whoever_fills_in_a_form_complains() -> None:
    assert record("挺好的，谢谢你们").intent == "complaint"


def test_a_correction_replaces_and_the_story_is_not_told_twice() -> None:
    first = record(phone="13812345678", complainant_name="王小明")
    second = record("车险理赔拖了两个月还没赔", first, phone="13912345678")
    assert second.value("phone") == "+8613912345678"
    assert second.value("matter") == first.value("matter")


@given(TEXTS, TEXTS, TEXTS)
def test_whatever_is_typed_gives_a_record(matter: str, name: str, request: str) -> None:
    record(matter, complainant_name=name, request=request, id_number=name, policy_number=request)
