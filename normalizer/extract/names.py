"""Names of people with the part they play: complainant, principal, staff, family, lawyer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from normalizer.extract.people import BOUNDARY, FOLLOWED, RUNS_ON, closed_name, is_explanation, name_at
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found, Reading

LINK = r"(?:[\s:：,，是叫为(\"“]|名字|姓名|本人|全名|就)*"
SIGNED = re.compile(r"(?:\n|(?<=\d{4}) |。|!|\?|~|;|^|，|,|谢谢|感谢|此致|敬礼|落款|署名|—|-)[ \t　]*(?=[一-鿿])")
TAIL = re.compile(
    r"[\s,，:/、()。.]*(?:手印|签名|签字|签章|盖章|手机号码|手机号|联系电话|电话号码|联系方式|手机|电话|tel|Tel|TEL|微信|号码|敬上|上|女士|先生|\d{1,3}岁|[一二三四五六七八九十]{1,4}岁|身份证号?|本人|是|:)*[\s,，:/、()是]*$"
)
CLOSING = re.compile(r"[\s()手印签名字章敬上呈。.!~谢年月日号一二三四五六七八九十零〇\d/:-]*$")
WRONG = re.compile(r"[\s，,]*(?:不对|不是|错了|说错)")
KIN = (
    "女儿|儿子|妻子|丈夫|老公|老婆|爱人|父亲|母亲|爸爸|妈妈|爸|妈|继承人|受益人|家属|配偶|哥哥|姐姐|弟弟|妹妹|哥|姐|弟|妹|"
    "孙子|孙女|代理人|监护人|长子|次子|长女|次女|儿媳|女婿|朋友"
)
RELATION_OF = re.compile(rf"(?:的(?:亲生|大|小|二|三|独生|合法|法定)?|之)({KIN}|(?<=之)[妻夫子女])\s*[,，:]?\s*")
LABEL = re.compile(r"(?:姓名|投诉人|申请人|反映人|申诉人|来信人|我叫|名字|署名|投诉者|联系人|用户|叫)[\s:：是叫为]*$")
PARENT = re.compile(
    r"(?:我是|我系|本人是|本人系)(?:他|她|孩子|[一-鿿]{2,3}?)?的?(?:爸爸|爸|妈妈|妈|父亲|母亲|女儿|儿子|老公|老婆|妻子|丈夫|女婿|儿媳|孙子|孙女|姐姐|姐|哥哥|哥|弟弟|弟|妹妹|妹|朋友|代理人|爱人)[,，:\s]?(?:我叫)?"
)
ONESELF = re.compile(r"(?:我是|我系|本人是|本人系)(?:他|她|老人|投保人|死者)?的?$")
SURNAMED = re.compile(r"(?:免贵|我|本人)姓([一-鿿]{1,2}?)[,，。\s]*(?=\1)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A person named in a text, in a role: self, principal, staff, deceased."""

    role: str
    found: Found
    sureness: int


def people(reading: Reading, contact_places: list[tuple[int, int]], *, asked: bool = False) -> list[Named]:
    """Everybody named, the surest first within a role."""
    text = reading.flat
    named = [*_after_cues(text), *_by_number(text, contact_places), *_signature(text)]
    if asked:
        named = [*_bare(text), *named]
    return sorted(named, key=lambda one: -one.sureness)


@cached_rule
def _cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    data = rules("names")
    relatives = "|".join(sorted(data["relatives"], key=len, reverse=True))
    longest = {k: "|".join(map(re.escape, sorted(data[k], key=len, reverse=True))) for k in ("self", "staff", "agent")}
    return (
        ("principal", re.compile(rf"(?:{relatives})(?:\s?[(，,:]\s?|叫|名叫|名字叫|名字是|姓名是|是|的名字叫)?")),
        (
            "principal",
            re.compile(
                r"(?:她|他|老人|投保人|被保险人|被保人|保单是)(?:名字)?(?:叫|名叫|姓名是|的名字叫|姓名:?|是|:|\s)"
            ),
        ),
        (
            "principal",
            re.compile(
                r"(?:依法)?(?:受|代|替|接受|代表|代理)(?:我?的?当事人|我?的?客户|委托人)?(?=[一-鿿]{2,4}(?:先生|女士|小姐)?(?:的?委托|投诉|反映|来电|的授权|\(|办理|处理))"
            ),
        ),
        ("principal", re.compile(r"委托人(?:为|是|:|\s)*")),
        ("staff", re.compile(rf"(?:{longest['staff']})(?:的?名字|姓名)?(?:\s?[:(，]?\s?(?:叫做?|名叫|是|姓名)?\s?)?")),
        ("agent", re.compile(rf"(?:{longest['agent']}){LINK}")),
        ("self", re.compile(rf"(?:{longest['self']}){LINK}")),
        ("self", re.compile(r"(?:[Mm]y name is|I am|I'm|[Nn]ame\s?:|[Rr]egards,?\s|[Ss]incerely,?\s)\s*")),
    )


def _after_cues(text: str) -> list[Named]:
    named: list[Named] = []
    taken: set[int] = set()
    for role, pattern in _cues():
        for match in pattern.finditer(text):
            end, sureness = name_at(text, match.end())
            if role == "self" and LABEL.search(match[0]) and (closed := closed_name(text, match.end())):
                end, sureness = closed, BOUNDARY
            if not end or match.end() in taken or _rejected(text, match, end, role, sureness):
                continue
            taken.add(match.end())
            named.append(_named(text, match.end(), end, role, sureness))
    return [*named, *_children(text), *_surnamed(text)]


def _rejected(text: str, match: re.Match[str], end: int, role: str, sureness: int) -> bool:
    if WRONG.match(text, end):
        return True
    if role == "principal" and ONESELF.search(text, max(0, match.start() - 6), match.start()):
        return True
    word = match[0]
    loose = word in ("我是", "俺是", "本人", "本人是", "联系人") or role in ("principal", "staff")
    if loose and sureness == RUNS_ON:
        return True
    return role == "self" and (
        bool(RELATION_OF.match(text, end)) or (text.startswith("的", end) and word.startswith(("我是", "本人")))
    )


def _named(text: str, start: int, end: int, role: str, sureness: int, rule: str = "cue") -> Named:
    value = (
        re.sub(r"[\s　]+", "", text[start:end])
        if "\n" not in text[start:end] and text[start].isascii() is False
        else text[start:end]
    )
    confidence = {BOUNDARY: 0.97, FOLLOWED: 0.9, RUNS_ON: 0.6}[sureness]
    return Named(
        role=role,
        sureness=sureness + (2 if rule == "cue" else 0),
        found=Found(value=value, start=start, end=end, rule=f"name.{role}.{rule}", confidence=confidence),
    )


def _children(text: str) -> list[Named]:
    """我是死者王建国的女儿王敏: the one before 的 is spoken of, the one after speaks."""
    named = []
    for match in (*RELATION_OF.finditer(text), *PARENT.finditer(text)):
        end, sureness = name_at(text, match.end())
        if end and sureness >= FOLLOWED:
            named.append(_named(text, match.end(), end, "self", sureness))
    return named


def _surnamed(text: str) -> list[Named]:
    """我姓欧阳，欧阳震."""
    named = []
    for match in SURNAMED.finditer(text):
        end, sureness = name_at(text, match.end())
        if end:
            named.append(_named(text, match.end(), end, "self", sureness))
    return named


def _by_number(text: str, places: list[tuple[int, int]]) -> list[Named]:
    """鲁思远 13605177420: a name written directly before a telephone number, standing by itself."""
    named = []
    for start, _ in places:
        window = max(0, start - 24)
        head = TAIL.sub("", text[window:start])
        for length in (4, 3, 2, 5):
            begin = window + len(head) - length
            if begin < window or (begin > 0 and re.match(r"[一-鿿]", text[begin - 1]) and length != 5):
                continue
            end, _ = name_at(text, begin)
            if end == window + len(head):
                named.append(_named(text, begin, end, "self", BOUNDARY, "number"))
                break
    return named


def _signature(text: str) -> list[Named]:
    """The last line, or a name alone on a line: 杜果; 西门莉 2026年11月21日."""
    named = []
    tail = max(0, len(text) - 160)
    for match in SIGNED.finditer(text, tail):
        end, sureness = name_at(text, match.end())
        if not end or sureness != BOUNDARY:
            continue
        alone = re.compile(
            r"[ \t　]*(?:\((?:手印|签名|签字|签章)\)|签名|签字|敬上|/|\n|$|\d{3,}|手机|电话|[12]\d{3}年)"
        ).match(text, end)
        if alone and (
            CLOSING.match(text, end) or text[match.start()] in "\n" or re.match(r"\s*(?:/|\d{5})", text[end:])
        ):
            named.append(_named(text, match.end(), end, "self", BOUNDARY, "signature"))
    return [one for one in named[-1:] if text[: one.found.start].strip()]


def _bare(text: str) -> list[Named]:
    """The answer to "what is your name": a clause that is one and nothing else, else the first that begins with one."""
    clauses = list(re.finditer(r"[^，,。;、\s!?:]+", text))
    alone = [clause for clause in clauses if len(clause[0]) <= 5 and name_at(text, clause.start())[0] == clause.end()]
    for match in [*alone[:1], *clauses]:
        clause = match[0]
        if is_explanation(clause) and not re.match(r"(?:我|叫|是|姓)", clause):
            end, _ = name_at(text, match.start())
            if not end or is_explanation(text[match.start() : end]) or end - match.start() > 4:
                continue
        offset = re.match(
            r"(?:嗯+|啊|呃|哦|喂|您好|你好|就是|那个|对|好的?|行|可以)?(?:我的?名字|我|本人|姓名)?(?:就?叫|是|姓名)?",
            clause,
        )
        begin = match.start() + (offset.end() if offset else 0)
        end, sureness = name_at(text, begin)
        if end and (sureness >= FOLLOWED or (end - match.start() >= 2 and len(clause) <= 8)):
            one = _named(text, begin, end, "self", max(sureness, FOLLOWED))
            return [Named(role="self", found=one.found, sureness=9)]
    return []
