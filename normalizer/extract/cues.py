"""Words after which a person's name may follow, by the role they tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizer.rulebook import cached_rule, rules

# Roles: self (who writes or speaks), agent (acts for the complainant), principal (for whom somebody acts), holder (took
# out the policy), insured (or beneficiary), family, staff (sold, served or decided), lawyer, witness, other (driver,
# doctor, policeman). "they" is resolved by what was spoken of before.
CALLED = r"(?:的?(?:名字|姓名|全名|大名|真名|本名)?(?:就|也)?(?:是叫|叫做|叫作|名叫|唤作|叫|喊)|名(?=[“\"]))"
SIGNED = r"(?:\(?(?:签名|签字|签章|盖章|亲笔签名|手写签名|本人签字)(?:处|或盖章)?\)?)?"
LINK = rf"{SIGNED}(?:[\s:：,，是叫为(\"“]|名字|姓名|本人|全名|就|嗯|呃|额|哦)*+"
TITLE = r"(?:\s?[(“”\"，,:]\s?|-{1,3}|\s?(?:名字|姓名)?(?:叫做?|名叫|是|为|系|姓名是?)\s?|\s)?"
SPEAKS = r"(?:我|俺|咱|本人|阿拉|吾|在下|鄙人|敝人)"
BORN = r"(?:亲生|大|小|二|三|独生|合法|法定)?"
THEY = r"(?:她|他|佢|伊|老人|保单是)(?:的?(?:名字|姓名))?(?:叫做?|名叫|喊|姓名是|是|系|:|\s)"
COMMISSIONED = (
    r"(?:依法)?(?:受|代|替|接受|代表|代理)(?:我?的?当事人|我?的?客户|委托人)?"
    r"(?=[一-鿿]{2,4}(?:先生|女士|小姐)?(?:之|的?委托|投诉|反映|来电|的授权|\(|办理|处理))"
)
ENGLISH = (
    r"(?:My name is|my name is|I am|I'm|Name\s?:|name\s?:|Regards,?\s|regards,?\s|Sincerely,?\s|sincerely,?\s|"
    r"Thanks,?\s|thanks,?\s|Thank you,?\s|Yours,?\s|Best,?\s|Cheers,?\s)\s*"
)


def cues(text: str, passing: list[int]) -> Iterator[tuple[str, re.Match[str]]]:
    """(role, cue) in the order in which they may claim a name; ``passing``: numbers of the patterns that may match."""
    for number in passing:
        role, pattern = patterns()[number]
        for match in pattern.finditer(text):
            yield role, match


@cached_rule
def patterns() -> list[tuple[str, re.Pattern[str]]]:
    kin, identities = _words("relatives"), _words("identities")
    introduces = (
        rf"{SPEAKS}(?:就?是|系)[^，。\n叫]{{0,16}}?"
        rf"(?:(?:他|她|佢|伊|老人|孩子|的|个|嘅|之|是){BORN}(?:{kin})|(?<=之)[妻夫子女]|{identities})"
        rf"[,，:\s]?{SPEAKS}?(?:名叫|名字叫|姓名|叫)?\s?"
    )
    written = (
        ("self", introduces),
        (
            "self",
            rf"{SPEAKS}(?:就?是|系)(?:(?:来自|住在)?(?:{_area()})[^，。\n叫]{{0,10}}?的|那个|这个|[上前刚][^，。\n叫]{{1,8}}?的)",
        ),
        (
            "self",
            r"(?:^|\n)\s{0,24}+(?:[您你]好)?[，,!。\s]{0,24}+(?=(?!身份|证件|手机|电话|联系|保单|赔案|报案|地址)[一-鿿]{2,4}"
            r"(?:这边|这里|[，,、\s][男女](?:[，,]|$)"
            r"|[，,、\s]{1,2}(?:身份证|证件|手机|电话|联系|保单|赔案|报案|1[3-9]\d{9}|\d{17})))",
        ),
        ("self", r"我[，,、]\s?(?=[一-鿿]{2,4}[，,。])"),
        ("self", _spelled_surname()),
        ("principal", rf"(?:代|替)(?:{kin})[\s:：]{{1,3}}|(?:委托人|委托方|当事人)(?:为|是|:|\s)*"),
        ("principal", COMMISSIONED),
        ("self", rf"{SPEAKS}{CALLED}{LINK}"),
        ("family", rf"(?:{kin})(?:的?(?:名字|姓名)(?:叫|是)?|{TITLE})"),
        ("they", THEY),
        ("holder", rf"(?:{_words('holder')})(?:的?姓名)?{TITLE}"),
        ("insured", rf"(?:{_words('insured')})(?:的?姓名)?{TITLE}"),
        ("lawyer", rf"(?:{_words('lawyer')}){LINK}"),
        ("witness", rf"(?:{_words('witness')}){LINK}"),
        ("other", rf"(?:{_words('other')}){TITLE}"),
        ("staff", rf"(?:{_words('staff')})(?:的?(?:名字|姓名))?{TITLE}"),
        ("agent", rf"(?:{_words('agent')}){LINK}"),
        ("self", rf"(?:{_words('self')}){LINK}"),
        ("self", ENGLISH),
    )
    return [(role, re.compile(pattern)) for role, pattern in written]


@cached_rule
def relation() -> re.Pattern[str]:
    """…的女儿, …之妻: the name before it is another's, the one after it the speaker's."""
    return re.compile(
        rf"(?:的{BORN}|之|他|她|家的?)(?:{_words('relatives')}|[妻夫子女父母兄弟姐妹])\s*[,，:]?\s*(?:我?叫)?"
    )


def heard_of(text: str, place: int) -> str:
    """他叫…: a clerk when one was the last to be spoken of, else the relative for whom the customer speaks."""
    clerk = kin = -1
    for match in _spoken_of().finditer(text, max(0, place - 160), place):
        if match.lastgroup == "clerk":
            clerk = match.start()
        else:
            kin = match.start()
    return "staff" if clerk > kin else "principal"


@cached_rule
def _spoken_of() -> re.Pattern[str]:
    return re.compile(rf"(?P<clerk>{_words('staff')})|(?P<kin>{_words('relatives')})")


def _spelled_surname() -> str:
    """弓长张张明月: a surname spelled, and the name that begins with it."""
    return "|".join(
        rf"{phrase}[，,、\s]?(?={phrase[-1]})" for phrase in rules("names")["explained"] if len(phrase) == 3
    )


def _area() -> str:
    places = rules("places")
    return f"{places['provinces']}|{places['cities']}"


def _words(name: str) -> str:
    return "|".join(map(re.escape, sorted(rules("names")[name], key=len, reverse=True)))
