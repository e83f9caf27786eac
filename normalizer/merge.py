"""What a message adds to what was known: later corrections win, staff stand, contradictions are kept beside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from normalizer.extract.phones import OTHERS, WHO
from normalizer.record import Complaint, Field, Method
from normalizer.rulebook import rules
from normalizer.text import Reading, fold

STANDING = {
    Method.MODEL: 0,
    Method.DIRECTORY: 0,
    Method.SENDER: 0,
    Method.RULE: 1,
    Method.ANSWER: 1,
    Method.STAFF: 2,
}
GROWS = ("matter", "request", "reason")  # told piece by piece
SEVERAL = ("policy_number", "claim_number")  # a person may have more than one: the first stays, others stand beside
CORRECTION = re.compile(
    r"不对|不是|错了|写错|说错|填错|报错|打错|弄错|改成|改为|换成|更正|改一下|应该是|才对|重新|换了|更新|变更为|新号|新的"
)
LONGEST = 8000

# Of these a person has one. Another value, given unasked and without a word that corrects, may be a slip, somebody
# else's, or a second one: the first stands, the second is kept beside it, and the dialogue asks which is right.
SINGLE = frozenset({"complainant_name", "phone", "email", "id_number"})
REACHED_BY = ("phone", "email")  # a person may well have two of them, if they say so
ASKED_FOR = {"contact": REACHED_BY}  # what our questions ask for, where it is not the field of the same name
SAID = (Method.RULE, Method.ANSWER)  # by the customer: what a sender, a directory or a model holds is never doubted
SURE = 0.7  # below it a value is a guess, and nobody is asked about our guesses
BEFORE, AFTER = 24, 16  # characters around a value in which a word says that it is to replace the other

# Narrower than CORRECTION, which is also met in complaints: 请重新核定, 你们定损定错了, 这不是欺骗吗.
HERE = "\0"  # where the value itself stands between the words around it
MENDING = re.compile(
    r"不对|(?:^|[，,。!;\s]|号码?|电话|手机|名字?|姓名|邮箱|身份证|都)错|[写说填报打弄搞记发输留念给]错|[口笔手]误"
    r"|不是(?=[\d这那,，:\s\0]|我(?:的|那个)?(?:电话|手机|号|名字?|邮箱)|$)|应该?[是为][^，。]{0,4}\0|才[对是]|以\0.{0,4}为准"
    r"|换了[^，。]{0,3}\0|换了?个?新?(?:号|电话|手机|邮箱)|(?:号码?|电话|手机号?|邮箱|名字?|姓名)(?:已经?|都|也)?[改换变]了"
    r"|改[成为回]|换成|[要想]改|改一下|换一个|更[正改新]|变更|新的?(?:号|电话|手机|邮箱|名字)|现在用|停用|不用了|作废|注销了"
    r"|\b(?:wrong|incorrect|mistake|typo|i meant|should be|correction|instead|actually|chang(?:ed?|ing))\b"
    r"|\bnew (?:number|phone|mobile|e-?mail|address)\b",
    re.I,
)
FURTHER = re.compile(
    r"还有(?:一|个|别的|其他)|另[一有]|另外[一还有]|也(?:可以?|行|能)|备用|或者?[打拨是]?\0|其他(?:电话|手机|号|邮箱)"
    r"|[两2]个(?:电话|手机|号|邮箱|都)|都(?:可以|行|能)|第二个(?:电话|手机|号|邮箱)"
    r"|\b(?:also|another|second|alternative(?:ly)?|as well|or (?:call|on|at))\b",
    re.I,
)
DISOWNED = re.compile(
    r"(?:不是|不用|别[打用]|并非|\bnot)[^，,。\d]{0,8}\0|\0[^，,。\d]{0,6}(?:[改换]成|[打写说填报]?错|停用|作废|不用|不对|空号|停机)",
    re.I,
)
PRINCIPAL = ("name.principal", "name.family")  # rules by which an agent names the one who complains
LANDLINE = re.compile(r"\+86(?!1[3-9]\d{9}$)")

# Whose number it is, by the words before it: 业务员李强的电话138…; 请经理打138… names the customer's own.
STAFF = re.compile(rf"{OTHERS.pattern}|销售|推销|柜员|坐席|保险员|中介|律师|房东|邻居|同事|医院|4[Ss]店|汽修|车主|三者")
KIN = re.compile(rf"(?:[我他她俺](?:家|的)?|^(?:这是?|是|和|还有)?)(?:{WHO.pattern}|家人|家属)")
OWN_AFTER = re.compile(
    r"我(?!们?(?:业务员|[妈爸]))|本人|自己|客户(?!经理)|打(?!来|给|过)|拨|致电|联系(?!电话|方式|人|手机|号)|回[电复拨]|加微信|发[到给]"
)
SPEAKS_OF_SELF = re.compile(r"(?:(?:我|本人)(?:就?是|姓|叫)|姓名:?)[^，。]{0,6}$")
REPLACED_BY = re.compile(r"改成|换成|改为|改打|以后")
NAMED_BEFORE = re.compile(rf"(?:那个|这个|这是?|你们的?|贵司|我的?)?(?:{STAFF.pattern})[^，,。;!?\n]{{0,6}}")
ONLY_A_LABEL = re.compile(r"(?:联系)?(?:电话|手机|号码|方式|号|[是为:\s])*")
CLAUSES = re.compile(r"[，,。;!?\n]")
OWNER_REACH = 32  # characters before a number in which its owner is named

Fields = Mapping[str, Field]


class Merged(NamedTuple):
    """What is known after a message, and how the message met what was known before."""

    fields: Fields
    others: Mapping[str, tuple[Field, ...]]
    corrected: frozenset[str]  # names of fields whose value was replaced
    contradicted: frozenset[str]  # names of fields for which another value was given, and it is open which is right


def merge_field(name: str, old: Field | None, new: Field, *, correcting: bool) -> tuple[Field, Field | None]:
    """(the value that stands, the value that stands beside it)."""
    if old is None or not old.value or old.value == new.value:
        return (new if old is None or not old.value else old), None
    if STANDING[old.method] > STANDING[new.method]:
        return old, new
    if STANDING[new.method] > STANDING[old.method]:
        return new, old if old.method is not Method.SENDER else None
    if name in GROWS and not (correcting and name == "request"):
        return grown(old, new), None
    if name == "party_role" and not old.rule.endswith("default") and not correcting:
        return old, None
    if name in SEVERAL and not correcting:
        return old, new
    return new, old


def grown(old: Field, new: Field) -> Field:
    """Both tellings, one after the other; what was said already is not said twice."""
    if new.value in old.value:
        return old
    if old.value in new.value:
        return new
    value = f"{old.value}\n{new.value}"[:LONGEST]
    return Field(
        value=value,
        source=new.source,
        span=new.span,
        method=new.method,
        confidence=new.confidence,
        rule=new.rule,
        item=new.item,
    )


def merge_fields(
    so_far: Complaint | None, found: dict[str, list[Field]], reading: Reading, asked: str | None
) -> Merged:
    """What was known and what one message gives; ``asked`` names what our last question was about.

    Several values of one message contradict nothing: who writes two numbers in one breath sees both and may be
    reached by both, and where roles or print make two names of one the best reading comes first. The rest stands
    beside, for staff.
    """
    fields: dict[str, Field] = dict(so_far.fields) if so_far else {}
    others: dict[str, tuple[Field, ...]] = dict(so_far.others) if so_far else {}
    correcting = bool(CORRECTION.search(reading.flat[:400]))
    corrected, contradicted = set(), set()
    for name, given in found.items():
        values = _meant_first(given, reading) if name in SINGLE and len(given) > 1 else given
        old = fields.get(name)
        unasked = name in SINGLE and not _is_asked_for(name, asked)
        whose = _anothers(values[0], reading) if name == "phone" else ""
        if so_far and old and old.value and (whose == "staff" or (whose and unasked and old.method in SAID)):
            others[name] = _distinct(old, (*others.get(name, ()), *values))
            continue
        if so_far and old and unasked and _stays(so_far, name, old, values[0], reading):
            others[name] = _distinct(old, (*others.get(name, ()), *values))
            if _is_contradicted(so_far, name, old, values, reading):
                contradicted.add(name)
            continue
        fields[name], aside = merge_field(name, old, values[0], correcting=correcting or asked == name)
        if old and aside is old and old.method is not Method.SENDER:
            corrected.add(name)
        further = [*([aside] if aside else []), *values[1:]]
        others[name] = _distinct(fields[name], (*others.get(name, ()), *further))
    return Merged(
        fields=MappingProxyType(fields),
        others=MappingProxyType({k: v for k, v in others.items() if v}),
        corrected=frozenset(corrected),
        contradicted=frozenset(contradicted),
    )


def _is_asked_for(name: str, asked: str | None) -> bool:
    return asked is not None and (asked == name or name in ASKED_FOR.get(asked, ()))


def _stays(so_far: Complaint, name: str, old: Field, new: Field, reading: Reading) -> bool:
    """Does the value we have stand against another that the customer gives without being asked?"""
    if old.method not in SAID or not old.value:
        return False
    if _same(old.value, new.value):
        return True
    if MENDING.search(_around(new, reading)) or (name == "complainant_name" and _names_another(so_far, new)):
        return False
    return old.confidence >= SURE or new.confidence < SURE or (name == "complainant_name" and _only_speaks(so_far, new))


def _is_contradicted(so_far: Complaint, name: str, old: Field, values: list[Field], reading: Reading) -> bool:
    """Is it worth a question? Not for a guess, a part of the same name, or a number said to be a further one."""
    new = values[0]
    if new.confidence < SURE or any(_same(one.value, old.value) for one in values):  # both are theirs
        return False
    if name == "complainant_name":
        return not _only_speaks(so_far, new) and _plain(new.value) not in _plain(old.value)
    if name in REACHED_BY and FURTHER.search(_around(new, reading)):
        return False
    return not (name == "phone" and bool(LANDLINE.match(old.value)) != bool(LANDLINE.match(new.value)))


def _around(found: Field, reading: Reading) -> str:
    """The words beside a value, in the form that rules match."""
    if found.span is None:
        return reading.flat[:400]
    moved = reading.body if found.span.part == "text" else 0
    start, end = found.span.start + moved, found.span.end + moved
    return f"{fold(reading.raw[max(0, start - BEFORE) : start])}{HERE}{fold(reading.raw[end : end + AFTER])}"


def _same(one: str, other: str) -> bool:
    """黃國輝 and 黄国辉, Wang@qq.com and wang@qq.com."""
    return one == other or _plain(one) == _plain(other)


def _plain(value: str) -> str:
    return "".join(character for character in fold(value).casefold() if character not in " ·•")


def _meant_first(values: list[Field], reading: Reading) -> list[Field]:
    """不是138…，是139…: what is disowned in the same breath comes last, and so does somebody else's number."""
    return sorted(values, key=lambda one: bool(DISOWNED.search(_around(one, reading)) or _anothers(one, reading)))


def _anothers(found: Field, reading: Reading) -> str:
    """Staff or kin, when the words before a telephone number say that it is theirs and not the customer's."""
    if found.span is None or not found.rule.startswith("phone"):
        return ""
    start = found.span.start + (reading.body if found.span.part == "text" else 0)
    clauses = CLAUSES.split(fold(reading.raw[max(0, start - OWNER_REACH) : start]))
    clause = clauses[-1]
    if len(clauses) > 1 and ONLY_A_LABEL.fullmatch(clause) and NAMED_BEFORE.fullmatch(clauses[-2].strip()):
        return "staff"  # 业务员李强，电话138…
    people = [("staff", one) for one in STAFF.finditer(clause)] + [("kin", one) for one in KIN.finditer(clause)]
    if not people:
        forbidden = any(len(word) > 1 and word in clause for word in rules("identifiers")["phone"]["not_mine"])
        return "staff" if forbidden and not (MENDING.search(clause) or OWN_AFTER.search(clause)) else ""
    whose, person = max(people, key=lambda each: each[1].end())
    if SPEAKS_OF_SELF.search(clause[: person.end()]) or OWN_AFTER.search(clause, person.end()):
        return ""
    return "" if whose == "kin" and REPLACED_BY.search(clause) else whose


def _names_another(so_far: Complaint, new: Field) -> bool:
    """Only now do we hear that the complaint is somebody else's: a mother's, a company's."""
    role = so_far.value("party_role")
    principal = new.rule.startswith(PRINCIPAL) and role != "agent"
    return principal or (new.rule.startswith("organisation") and role != "organisation")


def _only_speaks(so_far: Complaint | None, new: Field) -> bool:
    """我叫贺小山, said by the son who complains for his father; a policyholder named beside the one who complains."""
    if so_far is None:
        return False
    speaks = so_far.value("party_role") in ("agent", "organisation") and new.rule.startswith("name.self")
    return speaks or new.rule.startswith("name.holder")


def _distinct(chosen: Field, further: tuple[Field, ...]) -> tuple[Field, ...]:
    seen = {chosen.value}
    kept = []
    for one in further:
        if one.value not in seen:
            seen.add(one.value)
            kept.append(one)
    return tuple(kept)


def merge_list(before: tuple[Field, ...], new: list[Field]) -> tuple[Field, ...]:
    """Amounts, dates and flags: what is new follows what was known; what was said before is not listed again."""
    known = {one.value for one in before}
    return (*before, *(one for one in new if one.value not in known))
