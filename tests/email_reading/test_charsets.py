"""Whatever charset a mail says it is in, and whatever it is in."""

from __future__ import annotations

import base64

import pytest

from channels.email.reading.charset import codec_of, decode
from tests.email_reading.build import block, envelope, letter, read

SIMPLE = "本人陶喆堃，被保险人。你们以“未如实告知”拒赔，请撤销拒赔，按条款赔付28,430.60元。"
TRADITIONAL = "本人陳志強，保單號碼HK20260011。貴公司拒絕理賠，請退還保費。"
HONG_KONG = "你哋嘅經紀呃咗我，話啲錢可以隨時攞返，請退錢。"


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (SIMPLE, "gb18030", "gb2312"),
        (SIMPLE, "gb18030", "GBK"),
        (SIMPLE, "gb18030", "x-gbk"),
        (SIMPLE, "gb18030", "cp936"),
        (SIMPLE, "gb18030", "GB_2312-80"),
        (SIMPLE, "gb18030", "unknown-8bit"),
        (SIMPLE, "gb18030", "us-ascii"),
        (SIMPLE, "gb18030", "iso-8859-1"),
        (SIMPLE, "gb18030", "windows-1252"),
        (SIMPLE, "gb18030", "utf-8"),
        (SIMPLE, "gb18030", "big5"),
        (SIMPLE, "gb18030", ""),
        (SIMPLE, "gb18030", "idna"),
        (SIMPLE, "gb18030", "base64"),
        (SIMPLE, "utf-8", "gb2312"),
        (SIMPLE, "utf-8", "big5"),
        (SIMPLE, "utf-8", "utf8mb4"),
        (SIMPLE, "utf-8", '"utf-8;"'),
        (SIMPLE, "utf-8", "default"),
        (SIMPLE, "utf-8-sig", "gbk"),
        (SIMPLE, "utf-16", "utf-16"),
        (SIMPLE, "utf-16-le", "utf-16"),
        (SIMPLE, "utf-16-be", "utf-16"),
        (SIMPLE, "utf-16-be", "utf-16le"),
        (SIMPLE, "utf-16-le", "gb2312"),
        (SIMPLE, "utf-7", "utf-7"),
        (SIMPLE, "utf-7", "unicode-1-1-utf-7"),
        ("本人要投诉，请退款。", "hz", "hz-gb-2312"),
        ("本人要投诉，请退款。", "hz", "us-ascii"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "big5", "x-x-big5"),
        (TRADITIONAL, "big5", ""),
        (TRADITIONAL, "big5", "gb2312"),
        (TRADITIONAL, "cp950", "cp950"),
        (TRADITIONAL, "utf-8", "big5"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (HONG_KONG, "big5hkscs", "big5"),
        (HONG_KONG, "big5hkscs", "big5-hkscs"),
        ("苦情があります。返金してください。", "iso2022_jp", "iso-2022-jp"),
        ("보험금을 지급해 주세요", "euc_kr", "euc-kr"),
        ("Señor García, exijo una réplica", "latin-1", "iso-8859-1"),
        ("𠮷野家，㐂，朱镕基", "gb18030", "gb18030"),
    ],
)
def test_the_words_come_out_right(text: str, codec: str, label: str) -> None:
    mail = read(letter(text.encode(codec), f"text/plain; charset={label}" if label else "text/plain"))
    assert mail.text == text
    assert not mail.warnings


def test_iso_2022_cn_is_read_though_python_does_not_know_it() -> None:
    shifted = bytes(byte & 0x7F for byte in "投诉".encode("gb2312"))
    assert decode(b"\x1b$)A\x0e" + shifted + b"\x0f OK", "iso-2022-cn").text == "投诉 OK"


def test_a_lone_0x80_is_the_euro_of_cp936() -> None:
    assert decode("保费".encode("gbk") + b"\x80100", "gb2312").text == "保费€100"


def test_a_broken_byte_costs_one_character_and_is_told() -> None:
    mail = read(letter(SIMPLE.encode()[:-1] + b"\xff", "text/plain; charset=utf-8"))
    assert mail.text.startswith(SIMPLE[:-1])
    assert any(warning.startswith("unreadable_characters") for warning in mail.warnings)


def test_a_footer_that_a_relay_added_in_another_charset_does_not_spoil_the_letter() -> None:
    mail = read(
        letter(SIMPLE.encode("gb18030") + "\r\n本邮件已通过安全检查\r\n".encode(), "text/plain; charset=gb2312")
    )
    assert SIMPLE in mail.text
    assert "本邮件已通过安全检查" in mail.text


@pytest.mark.parametrize(
    "label",
    ["base64", "rot13", "zlib", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "hex", "x" * 5000, "\0"],
)
def test_codecs_that_are_no_charsets_are_not_used(label: str) -> None:
    assert codec_of(label) == ""
    assert decode("投诉".encode(), label).text == "投诉"


def test_utf_7_cannot_smuggle_half_characters() -> None:
    smuggled = base64.b64encode(b"\xd8\x00\x62\x95").decode().rstrip("=")
    decode(f"+{smuggled}-".encode(), "utf-7").text.encode("utf-8")


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (
            (
                b"=?gb2312?B?zbbL37aoy/C98Lbuuf21?=\r\n =?gb2312?B?zaOs0qrH89bY?=\r\n =?gb2312?B?0MK6y7aoz"
                b"tK1xLO1wb7L?=\r\n =?gb2312?B?8Mqn?="
            ),
            "投诉定损金额过低，要求重新核定我的车辆损失",
        ),
        (b"=?utf-8?B?5oqV6K?=\r\n =?utf-8?B?+J5L+d?=\r\n =?utf-8?B?6Zmp?=", "投诉保险"),
        ("投诉理赔".encode("gbk"), "投诉理赔"),
        ("投诉理赔".encode(), "投诉理赔"),
        ("投訴理賠".encode("big5"), "投訴理賠"),
        (b"=?gbk?Q?=CD=B6=CB=DF_2026?=", "投诉 2026"),
        (b"=?GBK?B?zbbL3w==?= 2026 =?GBK?B?zbbL3w==?=", "投诉 2026 投诉"),
        (b"=?utf-8?B?5oqV6K+J", "投诉"),
        (b"=?utf-8?B?5oqV6K", "投\ufffd"),
        (b"=?x-gbk?B?zbbL3w==?=", "投诉"),
        (b"=?utf-8*zh?B?5oqV6K+J?=", "投诉"),
        (b"=?unknown-8bit?B?yta7+svpxsHP1b7cxeI=?=", "手机碎屏险拒赔"),
        (b"=?gb2312?B?zbbL3w==?==?gb2312?B?zbbL3w==?=", "投诉投诉"),
        (b"=?utf-8?B?5oqV6K+J?= =?utf-8?Q?=E4=BF=9D=E9=99=A9?=", "投诉保险"),
        (b"=?utf-8?Q?=0D=0ABcc:_all@insurer.example?=", "Bcc: all@insurer.example"),
        (b"=?nonsense?X?abc?=", "=?nonsense?X?abc?="),
        (b"", ""),
    ],
)
def test_subjects_come_in_pieces_and_in_every_charset(subject: bytes, expected: str) -> None:
    kind = "text/plain; charset=big5" if "訴" in expected else "text/plain; charset=gbk"
    content = "您好".encode("gbk")
    if isinstance(subject, bytes) and b"\r\n " in subject:
        assert b"\r\n" in block(envelope(subject=subject))
    assert read(letter(content, kind, subject=subject)).subject == expected


@pytest.mark.parametrize(
    ("sender", "address", "name"),
    [
        (b"=?gb2312?B?xcu1wsHW?= <pan.dl@139.example>", "pan.dl@139.example", "潘德林"),
        ("潘德林 <pan.dl@139.example>".encode("gbk"), "pan.dl@139.example", "潘德林"),
        (b"<<pan.dl@139.example>>", "pan.dl@139.example", ""),
        (b"pan.dl@139.example (Pan)", "pan.dl@139.example", "Pan"),
        (b'"tousu@insurer.example" <thief@evil.example>', "thief@evil.example", "tousu@insurer.example"),
        (b"=?utf-8?B?5ZGY5belIDxhQGIuY24+?= <real@qq.example>", "real@qq.example", "员工 <a@b.cn"),
        (b"=?utf-8?B?5ZGY5belIDxhQGIuY24+?=", "a@b.cn", "员工"),
        (b"pan.dl@139.example", "pan.dl@139.example", ""),
        (b'"Pan, Delin" <pan.dl@139.example>', "pan.dl@139.example", "Pan, Delin"),
    ],
)
def test_the_sender_is_found_however_it_is_written(sender: bytes, address: str, name: str) -> None:
    mail = read(letter(sender=sender))
    assert (mail.sender, mail.sender_name) == (address, name)
