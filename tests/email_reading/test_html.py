"""What a reader of an HTML mail saw."""

from __future__ import annotations

import pytest

from tests.email_reading.build import GRIEVANCE, letter, read


def page(source: str, charset: str = "utf-8") -> str:
    return read(letter(source.encode(charset), f"text/html; charset={charset}")).text


def test_an_html_only_mail_in_gb2312_is_read() -> None:
    assert page(f"<html><head><meta charset=gb2312></head><body><p>{GRIEVANCE}</p></body></html>", "gbk") == GRIEVANCE


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">秘密</div>',
        '<div style="display: none !important;">秘密</div>',
        '<span style="visibility:hidden">秘密</span>',
        '<span style="font-size:0px">秘密</span>',
        '<span style="font-size:0">秘密</span>',
        '<span style="opacity:0">秘密</span>',
        '<span style="color:#ffffff">秘密</span>',
        '<span style="color:#FFF; font-size:12px">秘密</span>',
        '<font color="white">秘密</font>',
        '<div style="max-height:0;overflow:hidden">秘密</div>',
        '<div style="height:0px;width:0px;overflow:hidden">秘密</div>',
        '<div style="position:absolute;left:-9999px">秘密</div>',
        '<div style="text-indent:-9999px">秘密</div>',
        "<div hidden>秘密</div>",
        '<style>.x{display:none}</style><div class="a x">秘密</div>',
        "<!-- 秘密 --><script>秘密</script><style>秘密</style>",
        '<div style="mso-hide:all">秘密</div>',
    ],
)
def test_what_nobody_could_see_is_no_word_of_the_customer(hidden: str) -> None:
    mail = read(letter(f"<body><p>{GRIEVANCE}</p>{hidden}<p>谢谢</p></body>", "text/html; charset=utf-8"))
    assert "秘密" not in mail.text
    assert GRIEVANCE in mail.text
    assert "谢谢" in mail.text


def test_hidden_text_is_told() -> None:
    mail = read(letter(f'<p>{GRIEVANCE}</p><div style="display:none">秘密</div>', "text/html; charset=utf-8"))
    assert "hidden_text" in mail.warnings


@pytest.mark.parametrize(
    "shown",
    [
        '<table bgcolor="#003366"><tr><td><font color="white">看得见</font></td></tr></table>',
        '<div style="background:#333;color:#fff">看得见</div>',
        '<style>@media (max-width:600px){.big{display:none}}</style><p class="big">看得见</p>',
        '<span style="color:#fffff0ee">看得见</span>',
        '<span style="font-size:0.8em">看得见</span>',
        '<span style="opacity:0.9">看得见</span>',
        '<td height="0" style="line-height:0.5">看得见</td>',
    ],
)
def test_what_could_be_seen_stays(shown: str) -> None:
    assert "看得见" in page(f"<p>投诉</p>{shown}")


def test_tags_inside_a_word_do_not_split_it() -> None:
    assert page("<p>我要<b>投</b><span>诉</span>你们</p>") == "我要投诉你们"


def test_tables_and_lists_stay_readable() -> None:
    text = page("<table><tr><td>保单号</td><td>CJ32000660018842</td></tr></table><ul><li>退款</li></ul>")
    assert "保单号" in text
    assert "CJ32000660018842" in text
    assert "退款" in text


def test_an_html_mail_that_says_it_is_plain_is_still_read() -> None:
    assert read(letter(f"<html><body><p>{GRIEVANCE}</p></body></html>")).text == GRIEVANCE


def test_a_tower_of_divs_is_read_all_the_same() -> None:
    mail = read(letter("<div>" * 20_000 + GRIEVANCE + "</div>" * 20_000, "text/html; charset=utf-8"))
    assert mail.text.strip() == GRIEVANCE
    assert "html_without_layout" in mail.warnings


@pytest.mark.parametrize(
    "source",
    [
        "",
        " ",
        "<",
        "<html>",
        "<html></html>",
        "<p",
        "<!--",
        "<style>x",
        "&nbsp;",
        "<?xml version='1.0' encoding='gbk'?><html></html>",
    ],
)
def test_html_with_nothing_in_it_is_nothing(source: str) -> None:
    assert page(source).strip(" <&\xa0") in {"", "p"}


def test_everything_hidden_is_shown_rather_than_lost() -> None:
    mail = read(letter(f'<div style="display:none">{GRIEVANCE}</div>', "text/html; charset=utf-8"))
    assert GRIEVANCE in mail.text


def test_entities_cannot_smuggle_control_characters() -> None:
    assert page("<p>投&#8238;诉&#7;&#x200b;&#0;&#xD800;！</p>").startswith("投诉")
