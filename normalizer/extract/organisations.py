"""Companies and institutions: the one that complains, and the ones complained about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizer.text import Found, Reading

STEM = r"[一-鿿A-Za-z0-9()·&]"
KIND = (
    r"(?:有限责任公司|股份有限公司|有限公司|集团公司|分公司|支公司|事务所|合作社|经营部|商行|工厂|幼儿园|医院|学校|工作室|"
    r"个体工商户|酒店|宾馆|超市|门市部|养殖场|物流公司|制造厂|加工厂|门诊部|诊所|卫生院|卫生室|药房|药店|集团|公司|研究所|研究院|设计院|"
    r"养老院|敬老院|福利院|小学|中学|大学|学院|培训中心|农场|林场|牧场|渔场|种植场|饭店|餐厅|餐馆|面馆|酒楼|茶楼|旅馆|民宿|客栈|"
    r"商店|商场|便利店|专卖店|旗舰店|美容院|理发店|洗车行|汽修厂|修理厂|服务站|旅行社|协会|商会|俱乐部|委员会|"
    r"(?:木业|模具|五金|印刷|食品|纺织|服装|机械|塑料|家具|刀剪|化工|电子|玩具|建材|砖瓦|酒|纸|鞋|水泥|钢铁|陶瓷|饲料|织布|印染|电器|五金刀剪)厂)"
)
ANY_KIND = re.compile(KIND)
STEMS = re.compile(rf"{STEM}+$")
BRANCH = re.compile(rf"{STEM}{{1,12}}?(?:分公司|支公司|营业部|服务部|分店|店)")
LEAST_STEM, LONGEST_STEM = 2, 24
WE = r"(?:我们|我)(?:公司|司|单位|厂|店|院|校|社|部|行|所)|(?:本|敝)(?:公司|单位|司|厂|店|院|校|社|所)"
LEAD = re.compile(
    rf"^(?:.*(?:我们是|我?们?这[边里儿]是|我?们?这[边里儿]是|{WE}|我是|本公司是|我单位是|单位是|公司名称|单位名称|企业名称|投诉人是|投诉人|投保人是|投保人|投诉单位|名称|我方|单位|企业|抬头|全称|代表|在|由|向|是|:|为|到|和|与|至|给|找|从))?(?:叫做?(?!了)|[:是为(\s])*"
)
INSURER = re.compile(r"保险|人寿|财险|寿险|产险|人保|平安|太保|太平洋|澄江|国诚|嘉佑|恒信")
CALLING = re.compile(r"这[边里儿]是$")  # 我这边是诚达建筑工程有限公司的
CALLING = re.compile(r"这[边里儿]是$")  # 我这边是诚达建筑工程有限公司的
OWN = re.compile(
    rf"(?:我们是|(?<![你您他她])这[边里儿]是|(?:{WE})(?:的?(?:名称|全称|全名|名字|名))?(?:是|系|为|叫做?)?[\s(:，,“\"]{{0,2}}|我是|(?:投诉人|投保人|被保险人|申请人|反映人)(?:是|为)?[:\s]{{0,2}}|投诉单位:?|申请单位:?|反映单位:?|投保单位:?|(?:公司|单位|企业|商户|店铺)(?:名称|全称)?[:：\s]{{1,2}}|名称:\s?|抬头:\s?)\s*$"
)
SIGN = re.compile(r"(?:^|[\n。!?;~…]|\s{3})\s*$")
CLERK = (
    r"(?:[\s，,/]*[一-鿿]{2,4}(?:部|科|处|室|办))?"
    r"(?:[\s，,/]*(?:联系人?|经办人?|负责人|会计|出纳|财务|行政|人事|法人|代表)?[\s:：]*"
    r"[一-鿿]{2,4}(?:小姐|先生|女士|经理)?)?"
)
SIGNATURE_TAIL = re.compile(
    rf"(?:\((?:公章|盖章|章|印章)\)|[^。\n]{{0,12}}|{CLERK})[\s，,(]*(?:$|\n|\(?0\d{{2,3}}|1\d{{10}}|[二12][〇\d]\d{{0,2}})"
)
BEARS = re.compile(
    r"(?:的)?(?:会计|出纳|财务|人事|行政|法人|法定代表人|负责人|经办人?|员工代表|HR|老板|店长|厂长|经理)"
    r"|的(?=[^。]{0,14}我们(?:给|公司|厂|单位|员工))"
)
COMPLAINS = re.compile(r"(?:现|特)?(?:向贵[司处])?(?:投诉|申诉|反映|投保|于\d)")
LAWYERS = re.compile(r"律师事务所|律所")
NO_NAME = re.compile(
    r"^(?:该|这家?|那家?|某|一家|上级|分|支|子|母|我|本|他|她|哪|其他|别的|二甲|三甲|县|市|省|区|镇|乡|村|当地|定点)"
    r"|^(?:反映|称|表示|认为|诉)"  # 投诉人反映该公司拖延
    r"|[你您贵]|尊敬|投诉|关于|请问|总公司|领导|客服"
)
SHORTEST = 5


def own_organisation(reading: Reading, *, speaks_for_one: bool) -> Found | None:
    """The organisation that complains: introduced as "we are", or standing where the signature stands."""
    text = reading.flat
    for begin, end in _organisations(text):
        start = begin + len(_lead(text[begin:end]))
        start = max(start, text.rfind("(", start, end) + 1) if ")" not in text[start:end] else start
        name = text[start:end]
        if INSURER.search(name) or LAWYERS.search(name) or NO_NAME.search(name) or len(name) < SHORTEST:
            continue
        if _is_own(text, start, end, speaks_for_one=speaks_for_one):
            return Found(value=name, start=start, end=end, rule="organisation.own", confidence=0.9)
    return None


def _organisations(text: str) -> Iterator[tuple[int, int]]:
    """Every run of characters that ends like an organisation, with a branch that follows."""
    done = 0
    for kind in ANY_KIND.finditer(text):
        stem = STEMS.search(text, max(done, kind.start() - LONGEST_STEM), kind.start())
        if stem is None or len(stem[0]) < LEAST_STEM or kind.start() < done:
            continue
        branch = BRANCH.match(text, kind.end())
        done = branch.end() if branch else kind.end()
        yield stem.start(), done


def _is_own(text: str, start: int, end: int, *, speaks_for_one: bool) -> bool:
    introduced = OWN.search(text, max(0, start - 16), start)
    if introduced and introduced[0].startswith("我是"):
        return bool(BEARS.match(text, end))
    if COMPLAINS.match(text, end) and SIGN.search(text, max(0, start - 4), start):
        return True
    signs = SIGN.search(text, max(0, start - 4), start)
    return bool(introduced or (signs and (speaks_for_one or SIGNATURE_TAIL.match(text, end))))


def _lead(words: str) -> str:
    match = LEAD.match(words)
    return match[0] if match else ""
