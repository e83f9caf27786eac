"""What happened, in the customer's own words: the text without greetings, signatures and bare identifiers."""

from __future__ import annotations

import re

from normalizer.extract.request import passages
from normalizer.extract.sentences import Place, sentences, trim
from normalizer.text import Found, Reading

HOLLOW = re.compile(
    r"你好|您好|你们好|各位好|客服|领导|老师|在吗|喂|嗯|啊|谢谢|感谢|麻烦|请问|我要投诉|我想投诉|要投诉|想投诉|投诉信?|投诉你们|反映|一下|问题|情况|"
    r"我要|我想|说|个事|事情|敬礼|此致|尊敬的|公司|保险|车险|贵司|我叫|我是|本人|姓名|电话|手机号?|联系方式|身份证号?|保单号?|赔案号|报案号|邮箱|地址|"
    r"联系人|先生|女士|的|是|为|了|吧|呢|吗|就|这个|那个|你们|我|要|给|和|及"
    r"|服务|态度|恶劣|差劲|差评|[太极很真好最]差|不好|不行|垃圾|骗子|骗人|黑心|[太真好]黑|[太真好]坑|坑[人爹我]|坑害|欺骗|欺负|消费者|老百姓|失望|[不没]满意?|生气"
    r"|气[死愤人炸]|愤怒|恶心|过分|什么|破|烂|丧?良心|无良|无耻|无语|不要脸|再也不买?|等着|强烈|真[是的]|太|都|这[是样]?|让人|受不了|说法|公道"
)  # greetings, names of numbers, and judgements: who only judges has told nothing that can be looked into
FACT = re.compile(
    r"拒[赔保付绝]|[多乱重错误少][扣收算赔]|骂|不[赔退付理接]|没[赔退付到收给理赔]|未[赔退付到收]|闪退|泄露|冒名|代签|假[保单章]|挂[我了断]|拉黑|涨价?|压价|误导|伪造|贪污|私吞"
)  # so particular that the word alone is a fact
MARKS = re.compile(r"[\W\d_A-Za-z]+")
HAN = re.compile(r"[㐀-鿿]")
WORDS = re.compile(r"[A-Za-z]{3,}")
HOLLOW_WORDS = re.compile(
    r"(?:hello|dear|please|want|complain|complaint|name|phone|number|policy|thanks?|regards|would|like|have|your?|the"
    r"|and|for|with|sir|madam|team|make|mobile|email|not|sure|what|can|how|this|that|are|was|help)$",
    re.I,
)
REASON = re.compile(r"(?:因为|由于|理由是|原因是|以[“\"])[^。\n]{4,80}")
# Of a letter: to whom, the title, the signature and the day, lines of numbers. They tell nothing of what happened.
FRAME = re.compile(
    r"[^，。;\n]{2,30}(?:公司|领导|负责人|中心|部门?|同志|先生|女士)[^，。;\n]{0,4}:?"
    r"|[^，。;\n]{0,12}\d{4}年\d{1,2}月\d{1,2}日"
    r"|(?:投诉|申诉|申请|联系|委托|代理|反映)?(?:人|电话|手机|方式|地址|邮编|住址)[^，。;\n]{0,6}:[^。;\n]{1,60}"
)
LONGEST = 4000
SHORT = 60  # characters in which somebody may only say that they complain
ABOUT = (
    r"你们?|贵(?:公)?司|这[个家]|那[个家]|保险|公司|一[个件下些]|有|点|[个件]|人|事情?|问题|情况|东西|的|[和跟向对]"
    r"|业务员|客服|员工|工作人员|经理"
)
SPOKEN = (
    r"[嗯啊呃哦喂哎诶呀吧呢了]|那个|这个|就是说?|[您你]好|客服|我们?|本人|俺|[要想来找打]|电话|麻烦|现在|今天|必须|一定"
    r"|对(?=[你贵])"
)
COMPLAINS = r"投诉|反映|反应|举报|告|申诉|讲|说"
OF_US = (
    r"(?: about| against| to| with)(?: your| the| an?)? (?:insurance )?(?:company|you|insurer|staff|agents?|service)"
)
ANNOUNCED = re.compile(
    rf"(?=.*(?:投诉|反映|反应|举报|申诉|告你|事|问题))(?:{SPOKEN}|{ABOUT}|{COMPLAINS}|[\s，,。.、!;…])++"
    r"|[\s,.]*(?:hello|hi|good \w+)?[\s,.]*I(?:'d like to| want to| would like to| wish to| need to|) "
    r"(?:make|file|lodge|raise|complain|report)(?: an?)?(?: formal)?"
    rf"(?: complaints?)?(?:{OF_US})?(?: please)?[\s.!]*",
    re.I,
)
SEVERAL = re.compile(r"[。!?;\n]\s*\S")  # a request of several passages, between which something may be told


def announces(text: str) -> bool:
    """我要投诉你们, 我有个事要投诉: somebody complains and has not said of what."""
    return len(text) <= SHORT and bool(ANNOUNCED.fullmatch(text))


def statement(reading: Reading, taken: list[Place], *, asked: bool = False) -> Found | None:
    """The passage that tells what happened; None when no understandable fact is told. ``taken``: identifiers, names
    and requests, which tell nothing by themselves."""
    text = reading.flat
    places = [trim(text, a, b) for a, b in sentences(text)]
    rest = _without(text, _asked_alone(text, taken))
    telling = [(a, b) for a, b in places if _tells(rest[a:b], least=2 if asked else 3)]
    if reading.channel == "letter":
        telling = [(a, b) for a, b in telling if not FRAME.fullmatch(text, a, b)] or telling
    if not telling or announces(rest):
        return None
    value = "\n".join(reading.words(a, b).strip() for a, b in telling)
    return Found(value=value[:LONGEST], start=telling[0][0], end=telling[-1][1], rule="matter.told", confidence=0.8)


def _asked_alone(text: str, taken: list[Place]) -> list[Place]:
    """The same places, the request's passages instead of all from its first to its last word."""
    asked = passages(text) if any(SEVERAL.search(text, *place) for place in taken) else []
    if len(asked) < 2:
        return taken
    return [*(place for place in taken if place != (asked[0][0], asked[-1][1])), *asked]


def _without(text: str, taken: list[Place]) -> str:
    for start, end in taken:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _tells(rest: str, *, least: int) -> bool:
    if not HAN.search(rest):
        return sum(not HOLLOW_WORDS.match(word) for word in WORDS.findall(rest)) > least
    bare = MARKS.sub("", rest)
    return len(HOLLOW.sub("", bare)) >= least or bool(FACT.search(bare))


def reason(reading: Reading) -> Found | None:
    """The grounds that are given, where the customer says because."""
    match = REASON.search(reading.flat)
    if match is None:
        return None
    return Found(
        value=reading.words(*match.span()), start=match.start(), end=match.end(), rule="reason.cue", confidence=0.6
    )
