"""Mail that no person wrote to us: automatic replies, receipts, bounces, lists, spam. And what may be acknowledged.

Headers alone miss a fifth of real bounces, and they lie the other way too: an office mail system puts Precedence: bulk
and List-Unsubscribe on a complaint. So a robot's header is outweighed by a person's words about their own policy.
RFC 3834 (automatic responses), 3464 (delivery status), 8098 (receipts), 2919 and 2369 (lists).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.email.reading.headers import Headers
from channels.email.reading.mime import Part
from channels.email.reading.words import squeezed
from normalizer.record import Machine

_DAEMON = re.compile(
    (
        r"^(?:mailer-?daemon|postmaster|mail-?daemon|mail-?delivery|maildelivery|bounces?"
        r"|microsoftexchange[0-9a-f]{10,})\b"
    ),
    re.I,
)
_NO_REPLY = re.compile(r"^(?:no|do-?not|donot)[-_.]?(?:reply|response)", re.I)
_NEWSLETTER = re.compile(
    (
        r"^(?:newsletter|news|marketing|promo(?:tion)?s?|edm|subscri\w+|weekly|daily|digest|list"
        r"|info-?list|notifications?|mailing)\b"
    ),
    re.I,
)

_AUTO_SUBJECT = re.compile(
    r"^(?:(?:re|回复|答复|回覆)[:：]\s*)?[\[【(（]?\s*(?:自动回复|自動回覆|自動回復|自动答复|自動回應|自动应答"
    r"|假期自动回复|系统自动回复|automatic reply|auto(?:matic)?[- ]?re(?:ply|sponse)"
    r"|out of (?:the )?office|autoreply|away from (?:my )?(?:mail|office)|vacation|休假(?:通知"
    r"|中)?|外出(?:通知|中)?|不在办公室)(?:\s*[\]】)）]|\s*[:：]|\s*(?:re|回复)|\s*$)",
    re.I,
)
_RECEIPT_SUBJECT = re.compile(
    (
        r"^(?:已读|已讀|已读回执|讀取回條|阅读回执|已读回复|read|read receipt|return receipt|回执"
        r"|收条|收條|not read|未读|displayed|已显示|已送达"
        r"|delivered)\s*(?:[(（][^)）]*[)）])?\s*[:：]"
    ),
    re.I,
)
_BOUNCE_SUBJECT = re.compile(
    r"退信|退件通知|邮件(?:被)?退回|郵件(?:被)?退回|投递失败|投遞失敗|发送失败|傳送失敗"
    r"|无法(?:送达|投递)|無法(?:傳遞|送達|遞送)|未送达|未傳遞|未送達|传送延迟|投递延迟"
    r"|undeliver|delivery (?:status|failure|report|has failed|delayed)|failure notice"
    r"|returned mail|mail (?:delivery|system) (?:failed|failure|error)"
    r"|mail delivery|delivery status notification|returned to sender|could not be delivered|非送達|warning: message",
    re.I,
)
_BOUNCE_BODY = re.compile(
    r"could(?:n't| not) be delivered|delivery (?:to the following|has failed|failed)"
    r"|undeliverable|permanent(?: fatal)? error|returned to sender"
    r"|(?:邮件|信件|郵件)[^。\n]{0,20}(?:被退回|无法(?:送达|投递)|無法(?:傳遞|送達)|未能(?:送达"
    r"|投递|发送)|投递失败|发送失败)|退信原因|(?:收件人|邮箱)[^。\n]{0,30}不存在",
    re.I,
)
_AUTO_BODY = re.compile(
    r"(?:这是|此为|這是|本邮件为|本郵件為|此邮件为|此郵件為|本邮件(?:是|由)"
    r"|来自.{0,12}的?).{0,14}(?:自动(?:回复|发送|答复|生成)|自動(?:回覆|回復|發送))"
    r"|(?:系统|系統)(?:自动|自動)(?:回复|发出|发送|回覆|發送)"
    r"|(?:休假|年假|休产假|度假|出差|外出|假期|放假|休假中|不在办公室)[^。]{0,40}(?:无法|不能"
    r"|不便|無法|未能|不方便|稍后|延迟)[^。]{0,14}(?:回复|处理|查收|查看|答复|回覆|處理)"
    r"|(?:您|你)的?(?:邮件|来信|来邮|郵件|來信|信件)(?:我)?(?:们)?(?:已经|已經|已)?(?:收到|收悉"
    r"|查收)[^。]{0,24}(?:尽快|盡快|儘快|稍后|及时)[^。]{0,12}(?:回复|答复|处理|回覆|處理|联系)"
    r"|this is an auto(?:matic|mated)|i am (?:currently )?(?:out of (?:the )?office"
    r"|on (?:annual |sick )?leave|away)|automatic(?:ally)? (?:reply|generated)"
    r"|thank you for your (?:email|message)[^.]{0,60}(?:out of|limited access|away|as soon as)",
    re.I,
)

_SELF = re.compile(r"我|本人|本公司|我司|我们|俺|咱|\b(?:I|my|we|our)\b")
_INSURANCE = re.compile(
    (
        r"保单|保險|保险|保單|理赔|理賠|投保|拒赔|拒賠|退保|保费|保費|赔付|賠付|赔偿|賠償|业务员"
        r"|業務員|代理人|险种|车险|医疗险|年金|客服|贵司|貴司|贵公司|你们公司|policy|claim|insur"
    ),
    re.I,
)
_GRIEVANCE = re.compile(
    (
        r"投诉|投訴|申诉|申訴|不满|不滿|欺骗|欺騙|误导|誤導|骗|拒绝|拒絕|拖|要求|请(?:尽快|退|赔|撤"
        r"|重新|贵|停止|给)|請(?:盡快|退|賠|撤|重新|貴)|希望(?:你|贵|退)|不合理|没有人|无人|複議"
        r"|复议|complain|refus|refund|unacceptable|dissatisf"
    ),
    re.I,
)
_OWN_DATA = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)|[A-Z]{1,4}\d{8,}|(?<!\d)\d{15,20}[\dXx]?(?!\d)|(?:我叫|我是|本人"
    r"|姓名|投诉人|投訴人)[\s:：,，]*[\u4e00-\u9fff]{2,4}"
)
_UNSUBSCRIBE = re.compile(
    (
        r"退订|退訂|取消订阅|取消訂閱|unsubscribe|不再接收|订阅(?:本|者|了)|本期(?:导读|要闻|内容"
        r"|目录)|您收到(?:此|这封|本)邮件是因为|点击(?:此处|这里)查看"
        r"|view (?:this email )?in (?:your )?browser"
    ),
    re.I,
)
_SPAM_WORDS = [
    re.compile(pattern, re.I)
    for pattern in (
        (
            r"代开.{0,6}(?:发票|票)|(?:增值税|正规|各类).{0,6}(?:发票).{0,10}(?:代开|优惠|可开)"
            r"|开票.{0,10}(?:微信|电话|联系|优惠)"
        ),
        (
            r"(?:邮箱|邮件系统|账户|账号|mailbox|account).{0,16}(?:容量已满|即将(?:停用|到期|关闭)|升级"
            r"|异常|备案|storage|suspend|expire|full)"
        ),
        r"(?:点击|点此|扫码|click).{0,20}(?:验证|认证|登录|激活|领取|verify|login|here)",
        r"(?:博彩|彩票|赌场|时时彩|六合彩|老虎机|casino|lottery|viagra|cialis)",
        r"(?:优惠|特价|促销|限时|免费试用|招商|加盟|代理价|厂家直销|低价|返利|discount|special offer|limited time)",
        r"(?:seo|网站(?:建设|优化|推广)|群发|邮件营销|数据库|名录|搜索引擎|外贸推广|培训课程|公开课|总裁班|研讨会)",
        (
            r"(?:beneficiary|inheritance|million (?:usd|dollars)|business proposal|dear (?:friend|sir"
            r"|beneficiary)|next of kin)"
        ),
        r"(?:无抵押|低息|贷款|办卡|信用卡套现|网贷).{0,20}(?:秒批|放款|利率|联系|电话|额度)",
        r"(?:bitcoin|比特币|数字货币|虚拟币|投资回报|稳赚|内幕)",
    )
]
_LONGEST_ROBOT = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """What a mail shows of itself, gathered once."""

    headers: Headers
    root: Part
    sender: str
    subject: str
    text: str  # the writer's own words
    whole: str  # everything visible
    reports: tuple[str, ...]  # media types of report parts
    in_thread: bool
    envelope_from: str | None  # None: unknown
    refuted: bool


def machine_of(signs: Signs) -> Machine | None:
    """Which machine wrote it, or None for a person."""
    if _is_bounce(signs):
        return Machine.BOUNCE
    if _is_receipt(signs) or _is_ours(signs):
        return Machine.AUTO_REPLY
    if _is_auto_reply(signs):
        return Machine.AUTO_REPLY
    if _is_spam(signs):
        return Machine.SPAM
    if _is_list(signs):
        return Machine.LIST
    return None


def may_acknowledge(signs: Signs, machine: Machine | None, own_address: str) -> bool:
    """Whether an automatic answer may go out: to a person who may be the sender, never to a robot."""
    local = signs.sender.partition("@")[0]
    if machine or not signs.sender or signs.refuted:
        return False
    if signs.sender.lower().partition("+")[0] == own_address.lower().partition("@")[
        0
    ] and signs.sender.lower().endswith(own_address.lower().rpartition("@")[2]):
        return False
    if signs.sender.lower() == own_address.lower() or _DAEMON.match(local) or _NO_REPLY.match(local):
        return False
    return not _auto_submitted(signs.headers)


def is_bulk(headers: Headers) -> bool:
    return headers.plain("precedence") in {"bulk", "list", "junk"} or headers.has("list-unsubscribe")


def is_listed(headers: Headers) -> bool:
    return headers.has("list-id") or headers.has("list-post") or headers.plain("precedence") == "list"


def _auto_submitted(headers: Headers) -> bool:
    return headers.plain("auto-submitted").split(";")[0].strip() not in {"", "no"}


def speaks_for_themself(text: str) -> int:
    """How many of five signs of a complaining person: I, insurance, a grievance, own data, enough words."""
    plain = squeezed(text[:50_000])
    signs = (_SELF.search(text), _INSURANCE.search(plain), _GRIEVANCE.search(plain), _OWN_DATA.search(plain))
    return sum(map(bool, signs)) + (len(plain) > 60)


def _is_a_complaint(signs: Signs) -> bool:
    return speaks_for_themself(f"{signs.subject}\n{signs.text}") >= 4


def _is_bounce(signs: Signs) -> bool:
    if any("delivery-status" in kind for kind in signs.reports):
        return True
    if signs.root.kind == "multipart/report" and signs.root.content_type.get("report-type").lower() in {
        "delivery-status",
        "",
    }:
        return not any("disposition" in kind for kind in signs.reports)
    daemon = _DAEMON.match(signs.sender.partition("@")[0]) is not None
    nobody = signs.envelope_from == ""
    subject = _BOUNCE_SUBJECT.search(signs.subject) is not None
    body = _BOUNCE_BODY.search(signs.whole[:20_000]) is not None
    if signs.headers.has("x-failed-recipients"):
        return daemon or nobody or subject
    if daemon:
        return subject or body or nobody
    return subject and (nobody or _auto_submitted(signs.headers)) and not _AUTO_SUBJECT.match(signs.subject)


def _is_receipt(signs: Signs) -> bool:
    if any("disposition-notification" in kind for kind in signs.reports):
        return True
    if signs.root.content_type.get("report-type").lower() == "disposition-notification":
        return True
    short = len(squeezed(signs.text)) < 300 and not _is_a_complaint(signs)
    return _RECEIPT_SUBJECT.match(signs.subject) is not None and short


def _is_ours(signs: Signs) -> bool:
    """Our own mail, come back by a forwarding rule."""
    return signs.headers.has("x-tousu-loop") or signs.headers.has("x-complaint-loop")


def _is_auto_reply(signs: Signs) -> bool:
    headers = signs.headers
    if _AUTO_SUBJECT.match(signs.subject):
        return not (len(squeezed(signs.text)) > _LONGEST_ROBOT and _is_a_complaint(signs))
    automatic = (
        _auto_submitted(headers)
        or headers.has("x-autoreply")
        or headers.has("x-autorespond")
        or headers.has("x-autoresponder")
        or headers.has("x-auto-reply")
        or headers.plain("precedence") in {"auto_reply", "auto-reply"}
        or headers.plain("x-precedence") in {"auto_reply", "auto-reply"}
    )
    if automatic:
        return not _is_a_complaint(signs)
    nobody = signs.envelope_from == "" and (signs.in_thread or bool(_AUTO_BODY.search(signs.text)))
    return (nobody and not _is_a_complaint(signs)) or _reads_like_a_robot(signs)


def _reads_like_a_robot(signs: Signs) -> bool:
    """No header says so, but the words do: 您的邮件我已收到，会尽快回复."""
    plain = squeezed(signs.text)
    if len(plain) > _LONGEST_ROBOT or not _AUTO_BODY.search(signs.text):
        return False
    if _GRIEVANCE.search(plain) or re.search(r"[A-Z]{1,4}\d{8,}", plain):
        return False
    return not _INSURANCE.search(plain) or signs.in_thread


def _is_spam(signs: Signs) -> bool:
    headers = signs.headers
    marked = (
        headers.plain("x-spam-flag").startswith("yes")
        or headers.plain("x-spam-status").startswith("yes")
        or headers.plain("x-spam").startswith("yes")
        or re.match(r"^\s*(?:\[spam\]|\*{3,}\s*spam|【垃圾邮件】|\[垃圾邮件\])", signs.subject, re.I) is not None
    )
    words = f"{signs.subject}\n{signs.whole[:20_000]}"
    hits = sum(1 for pattern in _SPAM_WORDS if pattern.search(words))
    if marked:
        return not _is_a_complaint(signs) or hits >= 3
    return hits >= 2 and not signs.in_thread and speaks_for_themself(f"{signs.subject}\n{signs.text}") < 3


def _is_list(signs: Signs) -> bool:
    headers = signs.headers
    listed, bulk = is_listed(headers), is_bulk(headers)
    if not listed and not bulk:
        return False
    if signs.in_thread:
        return False
    said = speaks_for_themself(f"{signs.subject}\n{signs.text}")
    letter = bool(_UNSUBSCRIBE.search(signs.whole)) or bool(_NEWSLETTER.match(signs.sender.partition("@")[0]))
    if letter:
        return said < 5 or _OWN_DATA.search(squeezed(signs.text)) is None
    return said < 3
