"""Names of people with the part they play: complainant, principal, insured, staff, family, lawyer, witness."""

from __future__ import annotations

import re
from typing import NamedTuple

from normalizer.extract.cues import cues, heard_of, relation
from normalizer.extract.people import (
    BOUNDARY,
    FOLLOWED,
    RUNS_ON,
    family_of,
    is_both,
    is_foreign,
    name_at,
)
from normalizer.extract.signatures import Place, by_number, signature
from normalizer.extract.spelling import is_explanation, is_nothing_but
from normalizer.text import Found, Reading

SURE = re.compile(r"(?:[:：(（“\"=]|叫做?|喊)\s*$")
CALLED = re.compile(r"(?:叫做?|名叫|喊|[:：])\s*$")
SPACED = re.compile(r"\s$")
LOOSE = re.compile(
    r"^(?:(?:我|俺|咱|本人)(?:就?是|系)|本人(?:是|系)?|在下|鄙人|敝人|联系人|联络人|用户|客户|车主|家长|户名|实名|乘客)[\s，,]*$"
)
WRONG = re.compile(r"[\s，,]{0,8}+[啊哦呃嗯]{0,8}+(?:不对|不是(?=[，,。!\s的啊这]|我叫|我是|$)|[说讲]?错了|说错|更正)")
SELF_CALLED = re.compile("我叫|名字?叫")
TAKEN_BACK = re.compile(rf"{WRONG.pattern}(?:[\s，,。、啊哦呃嗯]|不对|不是|错了|应该|就?是|我?的?名字|我?叫|姓名)*")
BEING_INSURED = re.compile(r"被[保投申举诉]")
ONESELF = re.compile(r"(?:我是|我系|本人是|本人系)(?:他|她|老人|投保人|死者)?的?$")
SURNAMED = re.compile(  # 我姓章叫章程; 我姓焦，焦裕禄的焦，叫焦大鹏: the hero lends only the character
    r"(?:免贵|我|俺|本人|鄙人|在下|(?<![一-鿿])(?=姓)|^[嗯啊呃哦]+)姓([一-鿿]{1,2}?)(?:[，,。、\s]{0,2}(?:就是)?[一-鿿]{1,7}?的(?:那个)?\1字?|(?:这个字|字)?[念读][一-鿿a-z]{1,10}?[啊呀，,。])?"
    r"(?:[，,。、\s]|我?的?(?:大名|全名|名字)?(?:名叫|就?叫做?)|单名(?=\1)|名字是|全名是?){0,3}(?=\1)"
)
PIECED = "name.self.pieced"  # said in two pieces: no place in the text holds the whole
BUILT = re.compile(  # 我姓仝单名一个海字仝海
    r"(?:免贵|我|俺|本人|鄙人|在下)复?姓([一-鿿]{1,2}?)[，,。、\s]{0,2}(?:单名|名)(?:一个|叫|是|就)?([一-鿿])(?:字)?(?![一-鿿])"
    r"|(?:免贵|我|俺|本人|鄙人|在下)复?姓([一-鿿]{1,2}?)[，,。、\s]{0,2}(?:单名|名)(?:就?是?一个|就?叫)([一-鿿])字"
)
LENT = re.compile(r"(?:那个|就是)?([一-鿿])[一-鿿]{1,6}?的(?:那个)?([一-鿿])字?[，,\s]?(?=\2)")  # 我叫蒙面人的蒙蒙大志
ASIDE = re.compile(
    r"(?:司机|师傅|驾驶员|业务员|经理|客服|医生|主任)"
    r"[一-鿿]{2,4}\((?:真|本|实|原|又|曾用|户口|身份证|大|全)名[字是叫:]*$"
)  # 司机骆驼(真名骆驼)
HEADS = re.compile(
    r"(?:^|\n)[ 　]*[一-鿿]{0,8}"
    r"(?:负责人|老板|店主|店长|厂长|场长|队长|社长|理事长|会长|园长|校长|主任|司机|驾驶员|房东)[ 　:]{0,4}$"
)
LABELLED = re.compile(r"(?:全|大|真|本)?名字?")
OF_THING = re.compile(r"[^我]的$|险$|品$")  # 我买的名字就叫“滑雪无忧”
GONE = re.compile(r"死者|逝者|亡|被保险人")
CLAUSE = re.compile(r"[^，,。;、\s!?:]+")
ANSWERS = re.compile(
    r"(?:嗯|啊|呃|哦|喂|您好|你好|就是|那个|对|好的?|行|可以|就)*(?:我的?名字|我|本人|姓名)?(?:就?叫|是|姓名|写|填|登记(?:的是)?)?(?:嗯+|呃+|啊)?"
)
UNCERTAIN = ("family", "insured", "holder", "they", "staff", "other", "witness")  # their cues are everyday words
CONFIDENCE = {BOUNDARY: 0.97, FOLLOWED: 0.9, RUNS_ON: 0.6}
CUED = 2  # a name after a cue is surer than one that only stands where names stand
SUREST = 9
LONGEST_BARE = 4  # characters of a name before what spells it


class Named(NamedTuple):
    """A person named in a text, in a role: self, or one of those told in ``roles`` of normalizer.extract.cues."""

    role: str
    found: Found
    sureness: int


def people(
    reading: Reading, contact_places: list[tuple[int, int]], passing: list[int], *, asked: bool = False
) -> list[Named]:
    """Everybody named, the surest first within a role; ``passing``: numbers of the cues that may be there."""
    text = reading.flat
    named = _after_cues(text, passing)
    places = by_number(text, contact_places)
    if signed := signature(reading):
        places.append(signed)
        named = _signs_as_head(text, _signs_as_kin(named, signed), signed)
    named += [_placed(text, place) for place in places if not _told(text, place, named)]
    if asked:
        named = [*_bare(text), *named]
    return sorted(named, key=lambda one: -one.sureness)


def _after_cues(text: str, passing: list[int]) -> list[Named]:
    named: list[Named] = []
    taken: set[int] = set()
    for role, match in cues(text, passing):
        if match.end() not in taken and (found := _after(text, match, role)):
            taken.add(match.end())
            named += found
    return [*named, *_surnamed(text)]


def _after(text: str, match: re.Match[str], role: str) -> list[Named]:
    """The person named after a cue, with the one by whom they say who they are; nobody when no name follows."""
    cue, start = match[0], match.end()
    sure = _is_sure(cue, role)
    if role == "self" and (lent := LENT.match(text, start)) and _lends(lent):
        start = lent.end()
    end, sureness = name_at(text, start, sure=sure)
    if role == "self" and ASIDE.search(text, max(0, match.start() - 10), match.end()):
        return []
    if end and role == "self" and _speaks_of(cue) and (kin := relation().match(text, end)):
        owner = _named(text, start, end, "insured" if GONE.search(cue) else "principal", BOUNDARY)
        return [owner, *_speaking(text, kin.end())]
    if end and text[end : end + 2] == f"的{text[start]}":  # 弓长张，张三的张: spells the surname
        return []
    if role == "self" and end and (wrong := TAKEN_BACK.match(text, end)):
        return _meant(text, wrong.end())
    if not end or _rejected(text, match, end, role, sureness, sure=sure):
        return []
    return [_named(text, start, end, heard_of(text, match.start()) if role == "they" else role, sureness)]


def _meant(text: str, start: int) -> list[Named]:
    """我叫张伟，不对，张玮: the one named after the word that takes the first one back."""
    end, sureness = name_at(text, start)
    return [_named(text, start, end, "self", sureness)] if end and sureness >= FOLLOWED else []


def _lends(lent: re.Match[str]) -> bool:
    """Whether the surname is spelled before the name is told: not so in 李明明天的明."""
    return bool(family_of(lent[2])) and (lent[1] == lent[2] or not family_of(lent[1]))


def _is_sure(cue: str, role: str) -> bool:
    """Whether nothing but a name can follow the cue."""
    if role in UNCERTAIN:
        return bool(CALLED.search(cue) or (role != "family" and SURE.search(cue)))
    return bool(SURE.search(cue) or (SPACED.search(cue) and not LOOSE.search(cue)))


def _speaking(text: str, start: int) -> list[Named]:
    """我是死者王建国的女儿王敏: the one before 的 is spoken of, the one after speaks."""
    end, sureness = name_at(text, start)
    return [_named(text, start, end, "self", sureness)] if end and sureness >= FOLLOWED else []


def _rejected(text: str, match: re.Match[str], end: int, role: str, sureness: int, *, sure: bool) -> bool:
    if WRONG.match(text, end) or BEING_INSURED.match(text, max(0, match.start() - 1)):
        return True
    if role in UNCERTAIN and not _known(text[match.end() : end]) and not _closed(text, match.end(), end, sureness):
        return True
    if role in UNCERTAIN or role == "principal":
        return sureness == RUNS_ON or bool(ONESELF.search(text, max(0, match.start() - 6), match.start()))
    if role != "self":
        return False
    if ((LOOSE.search(match[0]) or (_speaks_of(match[0]) and not sure)) and sureness == RUNS_ON) or "某" in text[
        match.end() : end
    ]:
        return True
    if OF_THING.search(text, max(0, match.start() - 2), match.start()) and LABELLED.match(match[0]):
        return True
    if match[0].strip() == "本人" and not family_of(text[match.end() : end]) and end - match.end() < 4:
        return True
    return _speaks_of(match[0]) and text.startswith("的", end)


def _known(name: str) -> bool:
    """Whether it looks like a name wherever it stands."""
    return bool(family_of(name)) or is_foreign(name) or not name[0] >= "一" or "·" in name


def _closed(text: str, start: int, end: int, sureness: int) -> bool:
    """招财（, 石榴，: no known surname, but two or three characters by themselves after "called" or a colon."""
    after_cue = CALLED.search(text, max(0, start - 6), start) or SURE.search(text, max(0, start - 3), start)
    return bool(after_cue) and (sureness == BOUNDARY and end - start <= 3 and text[start] != "姓")


def _speaks_of(cue: str) -> bool:
    """我是…: what follows may be by whom they say who they are."""
    return cue.startswith(("我是", "我系", "本人", "俺是"))


def _named(text: str, start: int, end: int, role: str, sureness: int, rule: str = "cue") -> Named:
    value = text[start:end]
    if "\n" not in value and not value[0].isascii():
        value = re.sub(r"[\s　]+", "", value)
    return Named(
        role=role,
        sureness=sureness + (CUED if rule == "cue" else 0),
        found=Found(value=value, start=start, end=end, rule=f"name.{role}.{rule}", confidence=CONFIDENCE[sureness]),
    )


def _surnamed(text: str) -> list[Named]:
    """我姓欧阳，欧阳震; 我姓章叫章程."""
    named: list[Named] = []
    if "姓" not in text:
        return named
    for match in SURNAMED.finditer(text):
        end, sureness = name_at(text, match.end(), sure=True)
        if end:
            named.append(_named(text, match.end(), end, "self", sureness))
    return named or _built(text)


def _built(text: str) -> list[Named]:
    """我姓仝单名一个海字仝海: where the whole name stands; else of its pieces (免贵姓欧阳，单名一个锋字)."""
    if "名" not in text or not (match := BUILT.search(text)):
        return []
    name = (match[1] or match[3]) + (match[2] or match[4])
    at = text.find(name)
    if at >= 0:
        return [_named(text, at, at + len(name), "self", BOUNDARY)]
    start, end = match.start(1 if match[1] else 3), match.end(2 if match[2] else 4)
    pieced = _named(text, start, end, "self", BOUNDARY)
    return [pieced._replace(found=pieced.found._replace(value=name, rule=PIECED), sureness=SUREST + 1)]


def _told(text: str, place: Place, named: list[Named]) -> bool:
    """Whether the name in this place was named in a role already."""
    value = text[place.start : place.end]
    return any(
        (place.start < one.found.end and one.found.start < place.end)
        or (one.role != "self" and one.found.value == value)
        for one in named
    )


def _signs_as_kin(named: list[Named], signed: Place) -> list[Named]:
    """冉大姐的老公 冉启明: who signs as a relative is the one who speaks, unless somebody said "I am"."""
    if any(one.role == "self" for one in named):
        return named
    return [one for one in named if one.role != "family" or one.found.start != signed.start]


def _signs_as_head(text: str, named: list[Named], signed: Place) -> list[Named]:
    """车队负责人 牛得草 on a line of its own signs, though a person in charge told of elsewhere is our clerk."""
    if not any(one.found.start == signed.start and one.role in ("staff", "other") for one in named):
        return named
    if not HEADS.search(text, max(0, signed.start - 24), signed.start):
        return named
    return [one for one in named if one.found.start != signed.start]


def _placed(text: str, place: Place) -> Named:
    return _named(text, place.start, place.end, "self", BOUNDARY, place.rule)


def _meant_from(text: str) -> int:
    """张伟，不对，是张玮: where what is meant begins, when a name follows the words that take the first one back."""
    until = len(text)
    for match in reversed(list(TAKEN_BACK.finditer(text))):
        if name_at(text, match.end(), sure=True)[0]:
            return match.end()
        if called := SELF_CALLED.search(text, match.end(), until):
            return called.start()
        until = min(len(text), match.end() + len("名字叫"))  # what begins later was looked for already
    return 0


def _bare(text: str) -> list[Named]:
    """The answer to "what is your name": a clause that is one and nothing else, else the first that begins with one."""
    clauses = list(CLAUSE.finditer(text, _meant_from(text)))
    alone = [clause for clause in clauses if len(clause[0]) <= 5 and name_at(text, clause.start())[0] == clause.end()]
    for match in [*alone[:1], *clauses]:
        clause = match[0]
        if is_explanation(clause) and not re.match(r"(?:我|叫|是|姓)", clause):
            end, _ = name_at(text, match.start())
            name = text[match.start() : end]
            if not end or len(name) > LONGEST_BARE or is_nothing_but(clause, name) or is_explanation(name):
                continue
        offset = ANSWERS.match(clause)
        begin = match.start() + (offset.end() if offset else 0)
        said = (offset and "叫" in offset[0]) or (len(clauses) == 1 and is_both(text[begin : match.end()]))
        end, sureness = name_at(text, begin, sure=bool(said))
        if end and (sureness >= FOLLOWED or (end - match.start() >= 2 and len(clause) <= 8)):
            one = _named(text, begin, end, "self", max(sureness, FOLLOWED))
            return [Named(role="self", found=one.found, sureness=SUREST)]
    return []
