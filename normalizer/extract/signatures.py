"""Names that stand where names stand: under a letter, at the end of a message, before a telephone number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from normalizer.extract.people import HAN, NOBODY, family_of, is_both, is_foreign, is_na, is_odd, is_word, unlikely
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Reading

REACH = 260  # characters from the end in which a signature is looked for
ASIDE = r"(?:[ \t　]*(?:\([^()\n]{0,24}\)|[A-Z][a-z]{1,14}(?: [A-Z][a-z]{1,14})?(?![A-Za-z])))?"  # 欧海伦 Helen Ou
DOT = "[·•・‧]"
DOTTED = rf"{HAN}{{2,6}}(?:{DOT}{HAN}{{1,8}}){{1,3}}"
STRETCH = re.compile("[一-鿿㐀-䶿·•・‧ ]{2,}")  # what a word can be made of: no match of WORD goes beyond one
MIXED = frozenset("·•・‧ ")  # without one of these a stretch is one word, or too long to be one
LONGEST = 8
WORD = re.compile(rf"(?<!{HAN})(?<!{DOT})(?:{DOTTED}|{HAN}{{2,8}}|{HAN} {{1,4}}{HAN})(?!{HAN}|{DOT})")
PHONE = (
    r"[\s，,:：、/;]*"
    r"(?:[一-鿿]{0,4}(?:电话|手机|号码|座机|微信|联系方式|联系|致电|tel|Tel|TEL|电)[一-鿿]{0,3}[\s:：]*)?"
)
NUMBERED = re.compile(rf"{ASIDE}{PHONE}[\s+(]*(?:[0-9OolI一二三四五六七八九零〇幺][\s-]?){{7}}")
CLOSES = re.compile(
    rf"[\s，,]*(?:\((?:手印|指印|签名|签字|签章|盖章|按印|章|印)\)|签名|签字|敬上|敬启|谨上|拜上|上(?!{HAN})|留(?!{HAN})|呈(?!{HAN})|字(?!{HAN})|具(?!{HAN})|启(?!{HAN})|叩(?!{HAN})|叩首|叩上|顿首|拜启|敬禀|谨禀|敬具|泣告|泣上|鞠躬|亲笔|手印|指印)"
)
LABELLED = (
    r"[一-鿿]{0,3}(?:电话|手机|座机|微信|邮箱|邮件|联系|身份证|保单|合同|单号|案号|赔案|报案|车牌|"
    r"尾号|地址|编号|工号|日期)"
)
NUMBER = r"[A-Za-z]{0,4}[-:]?\d{4,}|号码|[一-鿿]{2,8}[，, ]+\+?\d{7}|[\w.]{2,40}@|二〇|[12]\d{3}[年./-]"
ADDRESS = r"(?:家?住在?)?[一-鿿]{2,5}(?:省|市|县|区|州|镇|乡|街道|村|路)[一-鿿\d·-]{1,40}"
MARKED = re.compile(
    rf"{ASIDE}[\s，,:/]*(?:{LABELLED}|车|(?:\d{{1,3}}|[一二三四五六七八九十]{{2,4}})岁|[男女](?!{HAN})"
    rf"|敬请|恭请|静候|盼|{NUMBER}|{ADDRESS})"
)
EMOJI = "☀-➿\ufe0f\u200d\U0001f000-\U0001faff"
IDENTIFIED = re.compile(rf"{ASIDE}[\s，,:/]*(?:身份证|证件号|手机|电话|微信|邮箱)")
ENDS = re.compile(rf"{ASIDE}[\s。.!~，,…{EMOJI}]*(?:$|\n)")
VOUCHED = re.compile(  # 简单(我真叫这名), 舒服(姓舒名服), 仇小宝 不念chou念qiu: a word all the same, and a name
    rf"[\s，,]*\(?[^()\n，,。a-z]{{0,8}}?(?:真叫|就叫这|就是这个?名|叫这个?名|真名|本名|没写错|没打错|姓{HAN}{{1,2}}[，,]?名"
    r"|[不别]念|[不别]读|念(?=[a-z])|读(?=[a-z])|读作|念作|音同|同音|生僻字|多音字)"
)
KNOWN = re.compile(
    rf"\([^()]*\)|{ADDRESS}|电话|手机|号码|微信|同号|邮箱|邮件|身份证|保单|合同|案号|车牌|尾号|地址|编号|[年月日号岁一二三四五六七八九十零〇]"
)
HAN_ONE = re.compile(HAN)
LEAST_LEFT = 12  # so few Chinese characters, besides labels and dates, may follow a signature
OWN_LINE, DASHED, APART, STOP, COMMA = 5, 4, 3, 2, 1
TAIL = re.compile(
    r"[\s,，:/、()。.]*+(?>手印|签名|签字|签章|盖章|手机号码|手机号|联系电话|电话号码|联系方式|手机|电话|tel|Tel|TEL|微信|同号|号码|敬上|上|女士|先生|\d{1,3}岁|[一二三四五六七八九十]{1,4}岁|身份证号?|本人|是|:)*+[\s,，:/、()是+]*+$"
)
NAME_LAST = re.compile(rf"(?:^|(?<!{HAN})(?<![·•・‧]))({HAN}{{2,6}}(?:[·•・‧]{HAN}{{1,8}}){{1,3}}|{HAN}{{2,8}})$")
ASIDE_LAST = re.compile(r"(?:\([^()]{0,24}\)|[A-Z][a-z]{1,14}(?: [A-Z][a-z]{1,14})?)\s*$")
TITLED = re.compile(  # 丈夫：那长顺; 孙子：海阔
    r"(?:^|[\n。!?;\s])[一-鿿]{0,4}(?:丈夫|妻子?|儿子?|女儿?|女婿|儿媳妇?|孙子|孙女|外孙女?|父亲?|母亲?|[兄弟姐妹]|侄[儿女子]|外甥女?|爱人|老伴|车主|货主|店主|业主|户主"
    r"|负责人|理事长|会长|店长|厂长|园长|校长|队长|站长|社长|家属|家长|此致人|落款)\s*:\s*$"
)
SHORTEST, USUAL = 2, 3


class Place(NamedTuple):
    """Where a name stands, and the rule that found it."""

    start: int
    end: int
    rule: str


def by_number(text: str, places: list[tuple[int, int]]) -> list[Place]:
    """鲁思远 13605177420: a name written directly before a telephone number or an address, standing by itself."""
    found = []
    for start, _ in places:
        window = max(0, start - 32)
        head = TAIL.sub("", text[window:start])
        head = ASIDE_LAST.sub("", head).rstrip() if head[-1:] == ")" or head[-1:].isascii() else head
        match = NAME_LAST.search(head)
        if match is None or (match.start(1) == 0 and window):
            continue
        begin = window + match.start(1)
        labelled = STOP if text[:begin].endswith(":") and family_of(match[1]) and len(match[1]) <= USUAL else 0
        if _is_name(match[1], before=_before(text, begin) or labelled, numbered=True):
            found.append(Place(begin, begin + len(match[1]), "number"))
    return found


def signature(reading: Reading) -> Place | None:
    """The name under the text: 杜果; 西门莉 2026年11月21日; 退休教师 谌伯安 敬上; ，姜维东，车辽B·6L90K."""
    text = reading.flat
    for start, end in _words(text):
        if _left(text, end) > LEAST_LEFT:
            return None
        if start and _signs(text, start, end, reading.channel) and text[:start].strip():
            return Place(start, end - _closed_by(text, start, end), "signature")
    return None


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Every word that stands by itself within reach of the end, the last one first. WORD tried at each character of a
    text would cost four times as much as looking for short stretches of Chinese, most of which are one word."""
    tail = max(0, len(text) - REACH)
    for stretch in reversed(list(STRETCH.finditer(text, tail))):
        start, end = stretch.span()
        if start == tail or not MIXED.isdisjoint(stretch[0]):
            yield from reversed([word.span() for word in WORD.finditer(text, start, end)])
        elif end - start <= LONGEST:
            yield start, end


def _left(text: str, end: int) -> int:
    """Chinese characters that follow, besides labels and dates."""
    return len(HAN_ONE.findall(KNOWN.sub("", text[end:]))) if len(text) - end > LEAST_LEFT else 0


def _closed_by(text: str, start: int, end: int) -> int:
    """李雷留, 李雷呈: the last character is no part of the name."""
    return int(end - start == USUAL and text[end - 1] in "留呈启叩" and bool(ENDS.match(text, end)))


def _signs(text: str, start: int, end: int, channel: str) -> bool:
    written = text[start:end]
    word, family = written.replace(" ", ""), family_of(written)
    if len(word) > USUAL and not family and "·" not in written and not is_foreign(word):
        return False
    before = _before(text, start)
    if family and text[start - 1] == "(" and text.startswith(")", end):
        before, end = STOP, end + 1  # 赶紧赔付(陈道明)
    if not before:
        return False
    numbered = bool(CLOSES.match(text, end) or NUMBERED.match(text, end))
    if family and VOUCHED.match(text, end):
        return len(word) <= family + 2
    if not numbered and not ENDS.match(text, end) and not MARKED.match(text, end) and not _kin_follows(text, end):
        return False
    formal = before == OWN_LINE and channel in ("letter", "email")
    return _is_name(word, before=before, numbered=numbered or formal or bool(family and IDENTIFIED.match(text, end)))


def _before(text: str, start: int) -> int:
    """How sharply a word is set off from what stands before it; 0: a bracket or a label's colon."""
    head = text[max(0, start - 40) : start]
    line = head.rsplit("\n", 1)
    if not line[-1].strip():
        return OWN_LINE
    last = head[-1]
    if last == ":" and TITLED.search(head):
        return OWN_LINE
    if last in " \t　":
        return APART
    if last.isascii() and last.isalnum():
        return 0  # 4S店插一脚
    return {"-": DASHED, "，": COMMA, ",": COMMA, "、": 0, "(": 0, ":": 0, "“": 0, "/": COMMA, "《": 0}.get(last, STOP)


def _is_name(word: str, *, before: int, numbered: bool) -> bool:
    """The less a word looks like a name, the surer must its place be."""
    if "·" in word or "•" in word or not before:
        return before > 0
    family = family_of(word)
    if is_foreign(word) and len(word) >= USUAL:
        return True
    called = len(word) == SHORTEST and is_both(word)  # 阳光 18375029614
    alone = numbered and before >= STOP and (called or (family > 0 and len(word) <= family + 2))
    if (is_word(word) and not (alone and is_both(word))) or _stops().match(word) or NOBODY.match(word):
        return False
    if before == OWN_LINE and is_na(word) and len(word) == USUAL:
        return True
    if unlikely(word) and not (alone and is_odd(word)):
        return False
    if family and len(word) <= family + 2:
        return True
    if family or len(word) > USUAL:
        return numbered and before >= STOP and len(word) <= 4 and not _area().match(word)
    return numbered or (word[0] in rules("names")["rare"] and before >= STOP)


def _kin_follows(text: str, end: int) -> bool:
    """靳东方，长女."""
    return bool(_kin().match(text, end))


@cached_rule
def _kin() -> re.Pattern[str]:
    kin = "|".join(sorted({*rules("names")["relatives"], *rules("names")["identities"]}, key=len, reverse=True))
    return re.compile(rf"[\s，,(]+(?:{kin})[\s)。.]*(?:$|\n)")


@cached_rule
def _stops() -> re.Pattern[str]:
    """Words that stand alone where a signature would: 在线等, 急急急; 老王, 小李; and who is no customer's name."""
    data = rules("names")
    alone = sorted([*data["alone"], *data["identities"], *data["relatives"], *data["called"]], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(alone)})|[小老阿].$|.{{1,2}}(?:{'|'.join(data['titles'])})")


@cached_rule
def _area() -> re.Pattern[str]:
    places = rules("places")
    return re.compile(f"(?:{places['provinces']}|{places['cities']})")
