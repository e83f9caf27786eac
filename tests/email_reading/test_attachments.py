"""Evidence: every file kept with its very bytes, under a name that can do no harm."""

from __future__ import annotations

import base64
import binascii
import struct

import pytest

from channels.email.reading.attachments import safe_name
from tests.email_reading.build import GRIEVANCE, block, bundle, encoded, envelope, letter, multipart, part, read

PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 3
PDF = b"%PDF-1.4\r\n\x00\x01\x02\n%%EOF"


def names(raw: bytes) -> list[str]:
    return [file.name for file in read(raw).attachments]


def with_file(content_type: str, disposition: str = "attachment", content: bytes = PICTURE) -> bytes:
    return bundle(multipart("mixed", part(GRIEVANCE), part(content, content_type, Content_Disposition=disposition)))


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("../../../../etc/cron.d/fapiao.jpg", "fapiao.jpg"),
        ("C:\\Users\\cuiping\\Desktop\\照片.jpg", "照片.jpg"),
        ("发票\u202egpj.exe", "发票gpj.exe"),
        ("a\x00b\r\nX-Evil: 1.jpg", "ab X-Evil_ 1.jpg"),
        ("  ", "attachment.jpg"),
        ("..", "attachment.jpg"),
        ("CON.jpg", "_CON.jpg"),
        (".htaccess", "htaccess"),
        ("照" * 300 + ".jpg", "照" * 65 + ".jpg"),
        ("理赔?资料*.jpg", "理赔_资料_.jpg"),
        ("/", "attachment.jpg"),
    ],
)
def test_a_name_is_only_a_name(declared: str, name: str) -> None:
    made = safe_name(declared, "image/jpeg")
    assert made == name
    assert len(made.encode()) <= 204


@pytest.mark.parametrize(
    "disposition",
    [
        "attachment; filename*=utf-8''%E7%90%86%E8%B5%94%E6%8B%92%E8%B5%94%E9%80%9A%E7%9F%A5%E4%B9%A6.pdf",
        "attachment; filename*=gb18030''%C0%ED%C5%E2%BE%DC%C5%E2%CD%A8%D6%AA%CA%E9.pdf",
        (
            "attachment; filename*0*=utf-8''%E7%90%86%E8%B5%94%E6%8B%92%E8; filename*1*=%B5%94%E9%80%9A%E"
            "7%9F; filename*2*=%A5%E4%B9%A6.pdf"
        ),
        "attachment; filename*0*=gbk''%C0%ED%C5%E2%BE%DC%C5; filename*1*=%E2%CD%A8%D6%AA%CA%E9; filename*2=\".pdf\"",
        f'attachment; filename="{encoded("理赔拒赔通知书.pdf", "gbk")}"',
        f"attachment; filename={encoded('理赔拒赔通知书.pdf', 'gbk')}",
        'attachment; filename="=?utf-8?B?55CG6LWU5ouS6LWU6YCa?=\r\n =?utf-8?B?55+l5LmmLnBkZg==?="',
        'attachment; filename="%E7%90%86%E8%B5%94%E6%8B%92%E8%B5%94%E9%80%9A%E7%9F%A5%E4%B9%A6.pdf"',
        "attachment; filename=utf-8''%E7%90%86%E8%B5%94%E6%8B%92%E8%B5%94%E9%80%9A%E7%9F%A5%E4%B9%A6.pdf",
        (
            "attachment; filename=\"?.pdf\"; filename*=UTF-8''%E7%90%86%E8%B5%94%E6%8B%92%E8%B5%94%E9%80%"
            "9A%E7%9F%A5%E4%B9%A6.pdf"
        ),
        'attachment; filename="理赔拒赔通知书.pdf',
        'attachment; filename="理赔拒赔通知书.pdf"; size=12; creation-date="Mon, 09 Nov 2026 13:20:31 +0800"',
    ],
)
def test_chinese_names_are_read_in_every_spelling(disposition: str) -> None:
    assert names(with_file("application/pdf", disposition)) == ["理赔拒赔通知书.pdf"]


def test_a_name_in_raw_gbk_is_read() -> None:
    raw = with_file("application/pdf", "attachment; filename=NAME").replace(b"NAME", '"拒赔通知书.pdf"'.encode("gbk"))
    assert names(raw) == ["拒赔通知书.pdf"]


def test_equal_names_are_told_apart_and_missing_ones_made_up() -> None:
    image = part(PICTURE, 'image/jpeg; name="IMG.JPG"', Content_Disposition="attachment")
    nameless = part(PICTURE, "image/jpeg", Content_Disposition="attachment")
    raw = bundle(
        multipart("mixed", part(GRIEVANCE), image, image, image.replace(b"IMG.JPG", b"img.jpg"), nameless, nameless)
    )
    assert names(raw) == ["IMG.JPG", "IMG (2).JPG", "img (3).jpg", "attachment.jpg", "attachment (2).jpg"]


@pytest.mark.parametrize("encoding", ["base64", "8bit", "binary"])
def test_bytes_stay_as_they_are(encoding: str) -> None:
    piece = part(PDF, "application/pdf", encoding=encoding, Content_Disposition="attachment; filename=a.pdf")
    [file] = read(bundle(multipart("mixed", part(GRIEVANCE), piece))).attachments
    assert file.content == PDF


def test_base64_without_padding_or_with_it_in_the_middle_is_read() -> None:
    for broken in (base64.b64encode(PDF).rstrip(b"="), base64.b64encode(PDF[:5]) + b"\r\n" + base64.b64encode(PDF[5:])):
        head = (
            b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: a"
            b"ttachment; filename=a.pdf\r\n\r\n"
        )
        [file] = read(bundle(multipart("mixed", part(GRIEVANCE), head + broken))).attachments
        assert file.content == PDF


def test_base64_cut_short_gives_what_is_there_and_says_so() -> None:
    whole = part(PDF * 50, "application/pdf", Content_Disposition="attachment; filename=a.pdf").rstrip()
    mail = read(bundle(multipart("mixed", part(GRIEVANCE), whole[:-7])))
    assert (PDF * 50).startswith(mail.attachments[0].content)
    assert len(mail.attachments[0].content) > 400
    assert "broken_base64" in mail.warnings


def test_text_that_only_claims_to_be_base64_is_read_as_text() -> None:
    raw = (
        block(envelope())
        + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + GRIEVANCE.encode()
    )
    assert read(raw).text == GRIEVANCE


def test_an_attached_message_is_evidence_and_keeps_its_bytes() -> None:
    inner = letter("业务员说：每年固定返4.8%", subject="收益说明", sender="万经理 <wan@agent.example>")
    raw = bundle(multipart("mixed", part(GRIEVANCE), part(inner, "message/rfc822", encoding="8bit")))
    mail = read(raw)
    assert mail.text == GRIEVANCE
    [file] = mail.attachments
    assert (file.name, file.content, file.media_type) == ("收益说明.eml", inner, "message/rfc822")


def test_a_mail_that_consists_of_an_attached_message_is_kept() -> None:
    inner = letter("业务员说：每年固定返4.8%")
    raw = block(envelope(subject="转发：投诉")) + part(inner, "message/rfc822", encoding="8bit")
    mail = read(raw)
    assert [file.content for file in mail.attachments] == [inner]
    assert mail.text == ""


def test_pictures_in_the_text_are_kept_as_inline() -> None:
    picture = part(PICTURE, "image/png", Content_ID="<p1>", Content_Disposition="inline; filename=p.png")
    page = part(f'<p>{GRIEVANCE}</p><img src="cid:p1">', "text/html; charset=utf-8")
    raw = bundle(
        multipart(
            "mixed", multipart("related", page, picture, boundary="=_b2"), part(PDF, 'application/pdf; name="a.pdf"')
        )
    )
    mail = read(raw)
    assert [(file.name, file.inline) for file in mail.attachments] == [("p.png", True), ("a.pdf", False)]
    assert mail.text == GRIEVANCE


def test_words_before_and_after_a_file_are_all_words() -> None:
    file = part(PICTURE, "image/jpeg; name=a.jpg", Content_Disposition="inline; filename=a.jpg")
    assert read(bundle(multipart("mixed", part("照片如下"), file, part("请赔付")))).text == "照片如下\n\n请赔付"


def test_a_text_file_is_a_file_and_not_the_letter() -> None:
    record = part(
        "聊天记录：保证返还",
        'text/plain; charset=utf-8; name="聊天.txt"',
        Content_Disposition='attachment; filename="chat.txt"',
    )
    mail = read(bundle(multipart("mixed", part(GRIEVANCE), record)))
    assert mail.text == GRIEVANCE
    assert mail.attachments[0].name == "chat.txt"


def test_a_calendar_invitation_is_a_file() -> None:
    invite = part("BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR", "text/calendar; method=REQUEST; charset=utf-8")
    mail = read(
        bundle(
            multipart("alternative", part(GRIEVANCE), part(f"<p>{GRIEVANCE}</p>", "text/html; charset=utf-8"), invite)
        )
    )
    assert mail.text == GRIEVANCE
    assert names(bundle(multipart("mixed", part(GRIEVANCE), invite))) == ["attachment.ics"]
    assert [file.media_type for file in mail.attachments] == ["text/calendar"]


def test_a_uuencoded_file_in_the_text_is_a_file() -> None:
    lines = b"".join(binascii.b2a_uu(PDF[at : at + 45]) for at in range(0, len(PDF), 45))
    text = f"{GRIEVANCE}\r\n\r\nbegin 644 a.pdf\r\n".encode() + lines.replace(b"\n", b"\r\n") + b"`\r\nend\r\n"
    mail = read(letter(text, encoding="8bit"))
    assert mail.text == GRIEVANCE
    assert [(file.name, file.content) for file in mail.attachments] == [("a.pdf", PDF)]


def tnef(*files: tuple[bytes, bytes], body: bytes = b"") -> bytes:
    """A winmail.dat as MS-OXTNEF lays it out."""

    def attribute(level: int, name: int, data: bytes) -> bytes:
        return struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    made = struct.pack("<IH", 0x223E9F78, 1)
    made += attribute(1, 0x00089006, struct.pack("<I", 0x10000)) + attribute(1, 0x00069007, struct.pack("<II", 936, 0))
    if body:
        made += attribute(1, 0x0002800C, body + b"\0")
    for name, content in files:
        made += attribute(2, 0x00069002, b"\1\0" + b"\0" * 12)
        made += attribute(2, 0x00018010, name + b"\0") + attribute(2, 0x0006800F, content)
    return made


def test_winmail_dat_is_opened() -> None:
    winmail = tnef(("保单.pdf".encode("gbk"), PDF), (b"b.jpg", PICTURE), body="内文".encode("gbk"))
    mail = read(bundle(multipart("mixed", part(GRIEVANCE), part(winmail, "application/ms-tnef; name=winmail.dat"))))
    assert {file.name: file.content for file in mail.attachments} == {
        "winmail.dat": winmail,
        "保单.pdf": PDF,
        "b.jpg": PICTURE,
    }
    assert mail.text == GRIEVANCE


def test_a_letter_inside_winmail_dat_is_read() -> None:
    winmail = tnef(body=GRIEVANCE.encode("gbk"))
    raw = bundle(
        multipart(
            "mixed", part(winmail, 'application/octet-stream; name="winmail.dat"', Content_Disposition="attachment")
        )
    )
    assert read(raw).text == GRIEVANCE


def test_a_broken_winmail_dat_is_kept_and_told() -> None:
    broken = tnef((b"a.pdf", PDF))[:60]
    mail = read(bundle(multipart("mixed", part(GRIEVANCE), part(broken, "application/ms-tnef; name=winmail.dat"))))
    assert mail.attachments[0].content == broken
    assert mail.text == GRIEVANCE


def ber(tag: int, *values: bytes, endless: bool = False) -> bytes:
    content = b"".join(values)
    if endless:
        return bytes([tag, 0x80]) + content + b"\0\0"
    size = len(content).to_bytes(4, "big")
    return bytes([tag, 0x84]) + size + content


@pytest.mark.parametrize("endless", [False, True])
def test_a_signed_letter_is_opened(endless: bool) -> None:
    inner = part(GRIEVANCE)
    octets = ber(0x24, ber(4, inner[:20]), ber(4, inner[20:]), endless=True) if endless else ber(4, inner)
    encapsulated = ber(
        0x30, b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", ber(0xA0, octets, endless=endless), endless=endless
    )
    signed = ber(0x30, b"\x02\x01\x01", ber(0x31), encapsulated, ber(0x31), endless=endless)
    sealed = ber(
        0x30, b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", ber(0xA0, signed, endless=endless), endless=endless
    )
    mail = read(block(envelope()) + part(sealed, "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"))
    assert mail.text == GRIEVANCE
    assert not mail.encrypted


def test_an_encrypted_letter_is_kept_and_told() -> None:
    sealed = b"0\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03" + b"x" * 50
    mail = read(block(envelope()) + part(sealed, "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"))
    assert mail.encrypted
    assert "encrypted" in mail.warnings
    assert mail.attachments[0].content == sealed
    assert mail.may_acknowledge


def test_a_clear_signed_letter_is_read_without_its_signature() -> None:
    signature = part(
        b"0\x80", "application/pkcs7-signature; name=smime.p7s", Content_Disposition="attachment; filename=smime.p7s"
    )
    mail = read(bundle(multipart("signed", part(GRIEVANCE), signature)))
    assert mail.text == GRIEVANCE
