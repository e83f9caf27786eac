"""Whatever bytes come: the reader never raises, and what it says can be stored and printed."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.reading import Mail, read_mail, to_submission, wire
from channels.email.reading.attachments import safe_name
from channels.email.reading.charset import decode
from channels.email.reading.headers import address_of, date_of, message_ids, parameters, words
from channels.email.reading.html import to_text
from channels.email.reading.limits import Warnings
from channels.email.reading.quotes import reply, whole
from tests.email_reading.build import GRIEVANCE, NUMBER, OWN, answer, bundle, letter, multipart, part
from tests.email_reading.test_machines import dsn
from tests.email_reading.test_quotes import STYLES

HERE = settings(max_examples=60, deadline=None)
SEEDS = [
    letter(),
    letter(GRIEVANCE.encode("gbk"), "text/plain; charset=gb2312", encoding="quoted-printable"),
    letter(f"<div>{GRIEVANCE}</div><blockquote>x</blockquote>", "text/html; charset=utf-8", encoding="8bit"),
    answer(GRIEVANCE + STYLES["Outlook"], encoding="8bit"),
    bundle(
        multipart(
            "mixed",
            part(GRIEVANCE),
            part(b"abc" * 50, "application/pdf", Content_Disposition="attachment; filename*=utf-8''%E7%90.pdf"),
        )
    ),
    dsn(),
]
WORDS = st.sampled_from(
    [
        b"--=_b1",
        b"\r\n\r\n",
        b"=?gbk?B?",
        b"?=",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"\0",
        b"\xff\xfe",
        b"\x1b$)A\x0e",
        b"+AGE-",
        b"~{",
        b"<div",
        b"charset=utf-16",
        b"\xed\xa0\x80",
        b"&#xD800;",
    ]
)


def strings(mail: Mail) -> list[str]:
    named = [getattr(mail, name) for name in wire._PLAIN]
    texts = [value for value in named if isinstance(value, str)]
    texts += [*mail.warnings, *mail.references, *mail.in_reply_to, *mail.thread.by]
    return texts + [text for file in mail.attachments for text in (file.name, file.media_type)]


def fit_to_keep(mail: Mail) -> None:
    for text in strings(mail):
        text.encode("utf-8")
        assert "\0" not in text
        assert "\x1b" not in text
    assert "\n" not in mail.subject + mail.sender + mail.sender_name + mail.reply_to + mail.message_id
    fields = json.loads(json.dumps(wire.to_fields(mail)))
    assert wire.from_fields(fields, b"".join(file.content for file in mail.attachments)) == mail
    to_submission(mail, "key", b"")


@HERE
@given(st.binary(max_size=2_000))
def test_random_bytes_are_a_mail_of_some_kind(raw: bytes) -> None:
    fit_to_keep(read_mail(raw, OWN))


@HERE
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.one_of(st.binary(max_size=6), WORDS), st.integers(0, 30)), max_size=8),
)
def test_damaged_mails_are_read_as_far_as_they_go(seed: bytes, damage: list[tuple[float, bytes, int]]) -> None:
    raw = seed
    for where, what, cut in damage:
        at = int(where * len(raw))
        raw = raw[:at] + what + raw[at + cut :]
    fit_to_keep(read_mail(raw, OWN))


@HERE
@given(st.text(max_size=300), st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-7"]))
def test_any_text_survives_its_own_charset(text: str, charset: str) -> None:
    try:
        data = text.encode(charset)
    except UnicodeError:
        return
    decode(data, charset).text.encode("utf-8")


@HERE
@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_field_is_words_parameters_and_ids(raw: bytes, hint: str) -> None:
    for text in (words(raw, hint), address_of(words(raw)).name, *parameters(raw).names.values(), *message_ids(raw)):
        text.encode("utf-8", "surrogatepass")
    date_of(raw.decode("latin-1"))


@HERE
@given(st.text(max_size=120))
def test_any_name_becomes_a_harmless_one(declared: str) -> None:
    name = safe_name(declared, "image/png")
    assert name
    assert not set(name) & set('/\\:*?"<>|\0\r\n')
    assert name not in {".", ".."}
    assert len(name.encode("utf-8")) <= 205
    assert safe_name(name, "image/png") == name


@HERE
@given(st.text(max_size=400))
def test_any_html_is_text(source: str) -> None:
    to_text(source, Warnings())


@HERE
@given(
    st.lists(
        st.one_of(
            st.sampled_from([line for style in STYLES.values() for line in style.split("\n")]), st.text(max_size=20)
        ),
        max_size=20,
    )
)
def test_cutting_loses_no_line(lines: list[str]) -> None:
    text = "\n".join(lines)
    for cut in (whole(text), reply(text, ours=OWN.address, forward=False)):
        kept = sorted("".join((cut.text + cut.quoted).split()))
        assert kept == sorted("".join(text.replace("\ufdd0", "").replace("\ufdd1", "").replace("\ufdd2", "").split()))


@HERE
@given(st.text(alphabet="我要投诉理赔0123456789，。\n ", max_size=200))
def test_a_first_message_without_marks_is_its_own_words(text: str) -> None:
    raw = letter(text)
    if NUMBER not in text:
        assert "".join(read_mail(raw, OWN).text.split()) == "".join(text.split())
