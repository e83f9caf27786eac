"""How many people stand together: 四十来号人, 百十来口, 我们八户人家, 大伙儿三十多户."""

from __future__ import annotations

import re
from typing import NamedTuple

from normalizer.extract.numerals import small
from normalizer.rulebook import rules
from normalizer.text import Found

C = "一二两三四五六七八九十"
NUMBER = (
    rf"(\d{{1,4}}|好几百|好几十|上百|成百上千|几百|几十|百十|十几|[{C}]{{1,2}}百[{C}零]{{0,4}}"
    rf"|[二三四五六七八九]?十几|[{C}]{{1,4}})"
)
WHO = (
    "人|客户|业主|投保人|受害者|受害人|家庭|老人|老头|老太|邻居|街坊|同事|工友|村民|乡亲|农户|员工|工人|储户"
    "|保户|姐妹|兄弟|老乡|投诉人"
    "|家属|群众|消费者|老板|车主|司机|学生|家长|股东|代表|被保险人|租户|商户|会员|投资人|病友|养殖户|果农|渔民"
    "|骑手|师傅"
)
COUNT = re.compile(
    rf"(?<![\d.:：/第月年]){NUMBER}\s?(?:多|来|余|几)?\s?"
    rf"(?:(?:个|名|位|号|口|口子|条)(?:多)?(?:{WHO})|户(?:多)?(?:{WHO}|人家)?(?![公单医银门店分机保修里中])"
    rf"|家(?:多)?(?:{WHO}|人家)?(?![公单医银门店分机保修里中的])|(?:{WHO})(?!大?群|的?群)|个(?=都|全|一起|签名|联名|现在|已经))"
)
MAYBE = re.compile(  # cheap: without this nobody is counted
    rf"[{C}\d百千几](?:多|来|余|几)?\s?(?:多|来|余|几)?(?:[个名位号口条户家]|{WHO})"
)
ROUGH = {"好几百": 300, "好几十": 50, "上百": 100, "成百上千": 200, "几百": 300, "几十": 30, "百十": 110, "十几": 13}
WE = re.compile(
    r"(?:我们|咱们|俺们|咱|大伙|大家|乡亲们|兄弟姐妹们)(?:这|这边|一共|总共|共|有|全部|这些|整个?小区|小区|全村"
    r"|村|楼|几十|群里|都是)?(?:一共|总共|共|有|来了|就有|的)?\s?$"
)
TOGETHER = re.compile(
    r"一起|一块|联名|联合|集体|都被|都是买|都是你|都买|门口|现场|聚|围|共同|代表|签名|签字|按了?手印|维权|投诉信"
    r"|讨说法|要说法|讨个说法|集合"
    r"|坐着|坐在|堵|你们大厅|楼下|横幅|同一[位个名]|到你们|去你们|找你们|在你们|组团|建了?群|群里|受害"
)
PRESENT = re.compile(
    r"不走|坐在|坐着|堵|围住|围着|围在|横幅|条幅|守在|守着|赖在|打地铺|静坐|聚在|聚集|不让(?:进|出)|堵门|拦"
)
OTHERS = re.compile(
    r"(?:家里|全家|一家|家中|我家|(?<!你们)(?<!贵)公司(?!楼下|门口|大)|单位|厂里|员工|投保|参保|承保|给|为|手上"
    r"|手里|排队|前面|排着|等着|剩|接待|撞|伤|死|遇难|受伤|住院|一车|车上|坐了|能坐|每天|每年|还有)[^，。]{0,6}$"
)
ANSWER = re.compile(r"(?:找你们|去你们|到你们|在你们|你们门口|楼下|大厅|不走|联名|讨|维权|静坐|堵)")


class Crowd(NamedTuple):
    """How many, where it stands, and whether they are there or on their way."""

    people: int
    start: int
    end: int
    present: bool


def crowds(text: str) -> list[Crowd]:
    """Everybody who acts together; the insured of a firm, a family, the hurt of an accident are none."""
    if not MAYBE.search(text):
        return []
    found = []
    announced = ANNOUNCED.search(text) is not None
    for match in COUNT.finditer(text):
        people = how_many(match[1])
        around = text[max(0, match.start() - 16) : match.end() + 26]
        if people < rules("urgency")["group_joint"]:
            continue
        before = text[max(0, match.start() - 12) : match.start()]
        ours = WE.search(before) is not None
        if _elsewhere(text, match):
            continue
        if (
            (ours or announced)
            and people < 1000
            and (not DISASTER.search(around) or announced)
            and not OTHERS.search(before)
        ) or (TOGETHER.search(around) and not (OTHERS.search(before) and not ANSWER.search(around))):
            found.append(Crowd(people, match.start(), match.end(), PRESENT.search(around) is not None))
    return found


ANNOUNCED = re.compile(
    r"(?:到|去|赴|来|找|在)(?:你们?|贵)(?:公司|司|单位|营业|大厅|门口|楼下|总部|那)[^，。;!?\n]{0,10}(?:当面|说理|讨|要个?说法|集合|门口|大厅"
    r"|楼下|坐|等|评理|理论|维权|见)|推(?:我|举|选)|联名|代(?:表)?(?:全体|大家|大伙|他们|业主|村民)|签名(?:附|在)|按了手印"
)
CHAT = re.compile(r"(?:业务|工作|公司|同事|客户|晨会|部门)群|发[到在进]")


def _elsewhere(text: str, match: re.Match[str]) -> bool:
    """Those who see what was sent into a group are no crowd."""
    return CHAT.search(text, max(0, match.start() - 24), match.start()) is not None and "维权" not in text


DISASTER = re.compile(r"淹|冲|受灾|进水|进了水|倒塌|吹|绝收|冻死|泡")


def how_many(word: str) -> int:
    if word in ROUGH:
        return ROUGH[word]
    if word.endswith("十几"):
        return small(word[:-1]) or 0
    if len(word) == 3 and word[2] == "十" and word[0] != "十" and word[1] != "十":
        return small(word[0] + "十") or 0  # 三四十
    return small(word) or 0


def group(found: list[Crowd]) -> Found | None:
    """The largest of them raises the flag; how many they are decides its level."""
    if not found:
        return None
    most = max(found, key=lambda crowd: crowd.people)
    rule = "flag.group.crowd" if is_crowd(most) else "flag.group.count"
    return Found(value="group", start=most.start, end=most.end, rule=rule, confidence=0.8)


def is_crowd(crowd: Crowd) -> bool:
    return crowd.people >= rules("urgency")["group_on_site"] or crowd.present
