"""What a customer wrote, apart from what their mail client put around it."""

from __future__ import annotations

import pytest

from tests.email_reading.build import ACK, GRIEVANCE, NUMBER, answer, bundle, letter, multipart, part, read

OWN_WORDS = "保单号是CJ32000660018842。\n请把多收的保费1,150元退给我。"
US = "澄江保险投诉受理"
ADDRESS = "tousu@insurer.example"
QUOTE = "\n".join(f"> {line}" for line in ACK.split("\n"))
SUBJECT = f"【收到】已收到您的投诉 [{NUMBER}]"

STYLES = {
    "QQ": (
        f'------------------ 原始邮件 ------------------\n发件人: "{US}"<{ADDRESS}>;\n发送时间: 2026年11月'
        f'1日(星期天) 上午10:02\n收件人: "张敏"<zhang.min@qq.example>;\n主题: {SUBJECT}\n\n{ACK}'
    ),
    "QQ with entities": (
        f'------------------&nbsp;原始邮件&nbsp;------------------\n发件人: "{US}"<{ADDRESS}>;\n发送时间:&'
        f"nbsp;2026年11月1日\n\n{ACK}"
    ),
    "QQ in English": (
        f'------------------ Original ------------------\nFrom:  "{US}"<{ADDRESS}>;\nDate:  Sun, Nov 1, 20'
        f'26 10:02 AM\nTo:  "张敏"<zhang.min@qq.example>;\nSubject:  {SUBJECT}\n\n{ACK}'
    ),
    "QQ on a telephone": (
        f'---原始邮件---\n发件人: "{US}"<{ADDRESS}>\n发送时间: 2026年11月1日(周日) 上午10:02\n收件人: "张'
        f'敏"<zhang.min@qq.example>;\n主题: {SUBJECT}\n\n{ACK}'
    ),
    "163": f'在 2026-11-01 10:02:33，"{US}" <{ADDRESS}> 写道：\n\n{QUOTE}',
    "163 without angle": f'\n\n在 2026-11-01 10:02:33，"{US}" <{ADDRESS}> 写道：\n\n{ACK}',
    "163 new": (
        f"---- 回复的原邮件 ----\n| 发件人 | {US}<{ADDRESS}> |\n| 日期 | 2026年11月01日 10:02 |\n| 收件人 "
        f"| 张敏<zhang.min@qq.example> |\n| 主题 | {SUBJECT} |\n\n{ACK}"
    ),
    "NetEase on a telephone": (
        "| |\n张敏\n|\n|\n邮箱：zhang.min@163.example\n|\n\n签名由 网易邮箱大师 定制\n\n在2026年11月01日 "
        f"10:02，{US} 写道：\n{ACK}"
    ),
    "Foxmail": f"\n发件人： {US}\n发送时间： 2026-11-01 10:02\n收件人： 张敏\n主题： {SUBJECT}\n\n{ACK}",
    "Outlook": (
        f"发件人: {US} <{ADDRESS}>\n发送时间: 2026年11月1日 10:02\n收件人: 张敏 <zhang.min@qq.example>\n主"
        f"题: {SUBJECT}\n\n{ACK}"
    ),
    "Outlook rule": (
        f"________________________________\n发件人: {US} <{ADDRESS}>\n发送时间: 星期日, 十一月 1, 2026 10:"
        f"02 上午\n收件人: 张敏 <zhang.min@qq.example>\n主题: {SUBJECT}\n\n{ACK}"
    ),
    "Outlook in English": (
        f"From: {US} <{ADDRESS}>\nSent: Sunday, November 1, 2026 10:02 AM\nTo: 张敏 <zhang.min@qq.example>"
        f"\nSubject: {SUBJECT}\n\n{ACK}"
    ),
    "Outlook original": (
        f"-----Original Message-----\nFrom: {ADDRESS} [mailto:{ADDRESS}]\nSent: Sunday, November 1, 2026 1"
        f"0:02 AM\nTo: 张敏\nSubject: {SUBJECT}\n\n{ACK}"
    ),
    "Outlook 邮件原件": (
        f"-----邮件原件-----\n发件人: {US} [mailto:{ADDRESS}]\n发送时间: 2026年11月1日 10:02\n收件人: 张敏"
        f"\n主题: {SUBJECT}\n\n{ACK}"
    ),
    "Outlook in traditional": (
        f"寄件者: {US} <{ADDRESS}>\n寄件日期: 2026年11月1日 上午 10:02\n收件者: 張敏 <zhang.min@qq.example"
        f">\n主旨: {SUBJECT}\n\n{ACK}"
    ),
    "Outlook in bold stars": (
        f"*发件人:* {US} <{ADDRESS}>\n*发送时间:* 2026年11月1日 10:02\n*收件人:* 张敏\n*主题:* {SUBJECT}\n\n{ACK}"
    ),
    "Gmail": f"{US} <{ADDRESS}> 于2026年11月1日周日 10:02写道：\n\n{QUOTE}",
    "Gmail broken over lines": f"{US} <{ADDRESS}>\n于2026年11月1日周日 10:02写道：\n\n{QUOTE}",
    "Gmail in English": f"On Sun, Nov 1, 2026 at 10:02 AM {US} <{ADDRESS}>\nwrote:\n\n{QUOTE}",
    "Gmail in traditional": f"{US} <{ADDRESS}> 於 2026年11月1日 週日 上午10:02寫道：\n\n{QUOTE}",
    "Gmail of old": f"2026-11-01 10:02 GMT+08:00 {US} <{ADDRESS}>:\n\n{QUOTE}",
    "iPhone": f"发自我的 iPhone\n\n> 在 2026年11月1日，10:02，{US} <{ADDRESS}> 写道：\n> \n{QUOTE}",
    "iPhone outside": f"发自我的iPhone\n\n在 2026年11月1日，10:02，{US} <{ADDRESS}> 写道：\n\n﻿{ACK}",
    "iPhone in traditional": f"從我的 iPhone 傳送\n\n> {US} <{ADDRESS}> 於 2026年11月1日 上午10:02 寫道：\n> \n{QUOTE}",
    "Thunderbird": f"在 2026/11/1 10:02, {US} 写道:\n{QUOTE}",
    "Aliyun": (
        f"------------------------------------------------------------------\n发件人：{US}<{ADDRESS}>\n发"
        f"送时间：2026年11月1日(星期日) 10:02\n收件人：张敏<zhang.min@qq.example>\n主　题：{SUBJECT}\n\n"
        f"{ACK}"
    ),
    "139": (
        f"----邮件原文----\n发件人：{US}<{ADDRESS}>\n收件人：zhang.min@qq.example\n抄 送： (无)\n发送时间"
        f"：2026-11-01 10:02:33\n主题：{SUBJECT}\n\n{ACK}"
    ),
    "Sina": (
        f"----- 原始邮件 -----\n发件人：{US} <{ADDRESS}>\n收件人：<zhang.min@qq.example>\n主题：{SUBJECT}"
        f"\n日期：2026年11月01日 10点02分\n\n{ACK}"
    ),
    "Samsung": (
        f"从我的 Galaxy 发送\n\n\n-------- 原始邮件 --------\n自： {US} <{ADDRESS}>\n日期： 2026/11/1 10:0"
        f"2 (GMT+08:00)\n至： zhang.min@qq.example\n主题： {SUBJECT}\n\n{ACK}"
    ),
    "Huawei": (
        f"发自我的华为手机\n\n\n-------- 原始邮件 --------\n发件人： {US} <{ADDRESS}>\n日期： 2026年11月1"
        f"日周日 10:02\n收件人： zhang.min@qq.example\n主题： {SUBJECT}\n{ACK}"
    ),
    "Xiaomi": f"发自我的小米手机\n在 {US} <{ADDRESS}>，2026年11月1日 上午10:02写道：\n\n{QUOTE}",
    "original in traditional": f"-----原始郵件-----\n寄件者: {US} <{ADDRESS}>\n傳送日期: 2026年11月1日\n\n{ACK}",
    "Outlook for iOS": (
        f"获取 Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n发件人: {US} <"
        f"{ADDRESS}>\n发送时间: Sunday, November 1, 2026 10:02:33 AM\n收件人: 张敏\n主题: {SUBJECT}\n\n"
        f"{ACK}"
    ),
    "Outlook for Android in traditional": (
        f"取得 Android 版 Outlook\n________________________________\n寄件者: {US} <{ADDRESS}>\n傳送時間: S"
        f"unday\n收件者: 張敏\n主旨: {SUBJECT}\n\n{ACK}"
    ),
}
OURS = [
    "已收到您的投诉，编号",
    "请一次补充",
    "原始邮件",
    "发件人",
    "寄件者",
    "From:",
    "写道",
    "寫道",
    "wrote",
    "iPhone",
    "Outlook",
    "的华为",
    "小米",
    "Galaxy",
    ADDRESS,
]


@pytest.mark.parametrize("style", STYLES)
def test_a_reply_keeps_only_what_the_customer_wrote_above_the_quote(style: str) -> None:
    mail = read(answer(f"{OWN_WORDS}\n\n\n{STYLES[style]}"))
    assert mail.text.startswith(OWN_WORDS)
    assert not [words for words in OURS if words in mail.text]
    assert "已收到您的投诉" in mail.quoted


@pytest.mark.parametrize("style", [name for name in STYLES if "NetEase" not in name])
def test_the_first_message_is_never_cut_whatever_the_style(style: str) -> None:
    quoted = STYLES[style].replace(NUMBER, "").replace(ADDRESS, "wan@agent.example")
    mail = read(letter(f"{GRIEVANCE}\n\n{quoted}", subject="业务员的邮件请看"))
    assert "已收到您的投诉" in mail.text
    assert mail.thread.token == ""


def test_answers_between_the_quoted_questions_are_the_customers_words() -> None:
    inline = (
        "在 2026-11-01 10:02:33，澄江 <tousu@insurer.example> 写道：\n> 请一次补充：\n> 1. 保单号\nCJ3200"
        "0660018842\n> 2. 您希望我们怎样解决\n全额退款\n> 澄江保险\n谢谢"
    )
    assert read(answer(inline)).text == "CJ32000660018842\n全额退款\n谢谢"


def test_an_answer_below_the_quote_is_found() -> None:
    below = f"在 2026/11/1 10:02, 澄江 写道:\n{QUOTE}\n\n{OWN_WORDS}"
    assert read(answer(below)).text == OWN_WORDS


def test_the_word_wrote_in_a_story_cuts_nothing() -> None:
    story = (
        "业务员2026年3月1日14:20在微信里写道：\n“保证返还本金”。\n合同第3条写道：不返还。\n日期：2026年3月1日\n请退款。"
    )
    assert read(answer(f"{story}\n\n{STYLES['QQ']}")).text == story


def test_a_form_with_dates_and_titles_is_no_quoted_mail() -> None:
    form = "补充如下\n日期：2026年3月1日\n主题：退保\n金额：3000元"
    assert read(answer(form)).text == form


def test_evidence_forwarded_into_a_case_stays_readable() -> None:
    forwarded = (
        "这是业务员当时的邮件：\n\n---------- Forwarded message ---------\n发件人： 万经理 <wan@agent.exa"
        "mple>\n日期： 2025年11月20日\n主题： 收益说明\n\n每年固定返4.8%"
    )
    assert "每年固定返4.8%" in read(answer(forwarded, subject=f"转发：收益说明 [{NUMBER}]")).text


def test_a_forward_with_nothing_above_it_is_not_cut_to_nothing() -> None:
    only = "-----原始邮件-----\n发件人: 万经理 <wan@agent.example>\n发送时间: 2025年11月20日\n\n每年固定返4.8%"
    assert "每年固定返4.8%" in read(answer(only)).text


def test_a_reply_that_says_nothing_is_empty() -> None:
    assert read(answer(STYLES["QQ"])).text == ""


def test_two_quoted_levels_go_together() -> None:
    deep = (
        f"{OWN_WORDS}\n\n{STYLES['Outlook']}\n\n发件人: 张敏\n发送时间: 2026年11月1日\n主题: 投诉\n\n我交"
        "了30000元，退保只给12000元。"
    )
    mail = read(answer(deep))
    assert "12000" not in mail.text
    assert "12000" in mail.quoted


@pytest.mark.parametrize(
    "page",
    [
        (
            '<div>{own}</div><div class="gmail_quote"><div dir="ltr" class="gmail_attr">澄江 &lt;tousu@in'
            'surer.example&gt; 于2026年11月1日周日 10:02写道：<br></div><blockquote class="gmail_quote" s'
            'tyle="margin:0 0 0 .8ex">{ack}</blockquote></div>'
        ),
        (
            '<p>{own}</p><hr><div id="divRplyFwdMsg"><b>发件人:</b> 澄江<br><b>发送时间:</b> 2026年11月1'
            "日</div><div>{ack}</div>"
        ),
        '<div>{own}</div><div id="appendonsend"></div><hr><p>{ack}</p>',
        '<div>{own}</div><br><blockquote type="cite">在 2026年11月1日，10:02，澄江 写道：<br>{ack}</blockquote>',
        (
            '<div>{own}</div><div id="isReplyContent"><pre><br>在 2026-11-01 10:02:33，"澄江" &lt;tousu@i'
            'nsurer.example&gt; 写道：</pre><blockquote id="isReplyContent">{ack}</blockquote></div>'
        ),
        (
            '<div>{own}</div><includetail><div style="font-size:12px">------------------&nbsp;原始邮件&nb'
            "sp;------------------</div><div><b>发件人:</b>&nbsp;澄江</div><div>{ack}</div></includetail>"
        ),
        (
            '<div>{own}</div><div class="moz-cite-prefix">在 2026/11/1 10:02, 澄江 写道:<br></div><blockq'
            'uote type="cite" cite="mid:1">{ack}</blockquote>'
        ),
        (
            "<div>{own}</div><table><tr><td>发件人</td><td>澄江&lt;tousu@insurer.example&gt;</td></tr><tr"
            "><td>发送日期</td><td>2026年11月1日</td></tr><tr><td>收件人</td><td>张敏</td></tr></table><d"
            "iv>{ack}</div>"
        ),
        (
            '<div>{own}</div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>发件人<span>:<'
            "/span></b> 澄江 &lt;tousu@insurer.example&gt; <br><b>发送时间:</b> 2026年11月1日<br><b>收件"
            "人:</b> 张敏<br><b>主题:</b> 投诉</p></div><p>{ack}</p>"
        ),
    ],
)
def test_an_html_reply_keeps_only_the_customers_words(page: str) -> None:
    source = page.replace("{own}", OWN_WORDS.replace("\n", "<br>")).replace("{ack}", ACK.replace("\n", "<br>"))
    mail = read(answer(f"<html><body>{source}</body></html>", "text/html; charset=utf-8"))
    assert mail.text == OWN_WORDS
    assert "请一次补充" in mail.quoted


def test_answers_between_html_quotes_are_kept() -> None:
    page = (
        '<div class="gmail_quote"><div class="gmail_attr">澄江 &lt;tousu@insurer.example&gt; 于2026年11月'
        "1日 10:02写道：</div><blockquote>1. 保单号</blockquote><div>CJ32000660018842</div><blockquote>2."
        " 怎样解决</blockquote><div>退款</div></div>"
    )
    mail = read(answer(page, "text/html; charset=utf-8"))
    assert mail.text.split() == ["CJ32000660018842", "退款"]


def test_a_device_line_is_split_off_a_first_message_and_nothing_else() -> None:
    mail = read(letter(f"{GRIEVANCE}\n\n发自我的iPhone"))
    assert mail.text == GRIEVANCE
    assert mail.quoted == "发自我的iPhone"


def test_words_from_the_heart_are_no_device_line() -> None:
    words = "发自内心地请求你们退款"
    assert read(letter(words)).text == words


def test_a_signature_with_name_and_telephone_is_kept_in_a_reply() -> None:
    mail = read(answer(f"请尽快。\n\n-- \n张敏 13812345678\n\n{STYLES['163']}"))
    assert "13812345678" in mail.text


def test_flowed_lines_are_joined() -> None:
    mail = read(
        letter(
            "这是一句很长的话 \n还没有说完 \n现在完了\n第二行", "text/plain; charset=utf-8; format=flowed; delsp=yes"
        )
    )
    assert mail.text == "这是一句很长的话还没有说完现在完了\n第二行"


def test_plain_text_and_html_say_the_same_once() -> None:
    both = multipart("alternative", part(GRIEVANCE), part(f"<p>{GRIEVANCE}</p>", "text/html; charset=utf-8"))
    assert read(bundle(both)).text == GRIEVANCE


def test_a_stub_for_old_clients_does_not_hide_the_letter() -> None:
    both = multipart(
        "alternative", part("您的邮件客户端不支持HTML格式"), part(f"<p>{GRIEVANCE}</p>", "text/html; charset=utf-8")
    )
    assert read(bundle(both)).text == GRIEVANCE


def test_question_marks_instead_of_chinese_give_way_to_the_html() -> None:
    both = multipart(
        "alternative", part("????????????????????????????"), part(f"<p>{GRIEVANCE}</p>", "text/html; charset=utf-8")
    )
    assert read(bundle(both)).text == GRIEVANCE
