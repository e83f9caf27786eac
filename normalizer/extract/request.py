"""What the customer wants: the sentences that ask, demand or hope."""

from __future__ import annotations

import re

from normalizer.extract.sentences import Place, sentences, trim
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found, Reading

HEADING = re.compile(r"(?:诉求|要求|请求|投诉请求|投诉要求|我的要求|主张|期望)[^，。\n]{0,8}[:：]?\s*$")
ITEM = re.compile(r"\s*(?:\(?[0-9一二三四五六七八九十]{1,2}[)、.．]|[①-⑩•·-])")
POLITE = re.compile(
    r"请|能[不否]|可[否不]|要求|希望|恳|望|盼|务|烦|劳|诉求|敬|拜托|求|唔该|行|成不|中不|好不|好唔|得唔|好伐|好吗|可以[吗么]|不行|[Pp]lease"
)  # asks whatever follows
AFTERWARDS = re.compile(r"行不|成不|中不|好不|好唔|得唔|好伐|好吗|可以[吗么]|行[吗么不]|不行|可好")  # …, 行不行
LONGEST = 600
LONGEST_NEVER = 12  # characters of what is listed there
SHORT = 10  # characters of an answer that is nothing but the outcome
LEAST_OUTRIGHT, MOST_OUTRIGHT = 4, 40  # characters
NO_WISH = re.compile(  # a question, a story, a thing named
    r"[?吗呢]|什么|怎[么样]|哪[个里些儿]|谁|为[啥何]|投诉|^[他她它]们?(?!必须|应该|得|要)|^你(?:说|听|们?(?:老|总|都|又|就是))|过(?!户|来|去|期)"
    r"|了(?=[0-9一二三四五六七八九十两几半好多])|还是|才|太|都(?!退|赔|给|要|得|还|改|取消)|的(?:时候|那个)?$|[在去][^，。]{1,6}[买办签存修住]|只(?!要|求|需)|没|[知晓听见记懂]"
    r"|[想考]想|考虑|^(?:喂|嗯|哦|啊|好)+$"
)
LOOSE = re.compile(
    r"(?:你们?|你司|贵司|贵公司|公司)(?:得|要|先|就|帮忙?|把|给我|给|派|再|重新|多|退|赔|补|换)$|将|给我"
)
TOLD = re.compile(
    r"了(?![吧呗啊嘛哦。，!;\s]|就|我叫|我姓|我是|谢|电话|$)|过(?=[0-9一二三四五六七八九十两几好多的])|我自己|才|只(?!要|需)|不(?!要|许|准|得|能再|用再|然|行|可以|够|足|扣|少|$)|没(?!问|什么)"
    r"|错|坏|拖|丢|被|一直|至今"
)  # 你们把我的保费扣了两次 tells, 你们把保费退了 asks
DONE = re.compile(rf"{TOLD.pattern}|了(?![吧呗啊嘛就])")
INDIRECT = re.compile(  # 给我查清楚到底分了多少 asks
    r"到底|究竟|为什么|为啥|怎么|哪[里儿个些]|多少|凭什么|谁|[嘛吧呗](?=不肯|不[行干]|他|我)|我就|我[叫姓是]"
)
TOLD_WITHIN = 14  # characters
QUOTES = r"(?<!不)(?<!我(?=说那))[说称讲](?![清明过了法])|承诺|答应|告诉我?|回复|表示|写着?|规定|约定|保证|本来|本该"
MADE = r"(?:[让叫要喊]我|非要|非让|等)[^，。]?"
SAID = re.compile(rf"(?:{QUOTES})[^，。\s]{{0,12}}$|{MADE}$")  # 他们说三天内赔付 tells of words
SAID_ALOUD = re.compile(rf"(?:{QUOTES})[^，。\s]{{0,5}}$|{MADE}$")  # without marks, what is said soon ends
ASKED = re.compile(
    r"(?<![请想就问])问(?:过|了|客服|业务员|他|她|你们|柜台){0,2}$"
)  # 打电话问能不能退 tells of a question
SAID_WITHIN = 15
TRIED_BEFORE, TRIED_AFTER = 12, 36  # characters
THEY_SAID = (
    r"(?:他们?|她们?|客服|业务员|柜台|经理|那边|对方|人家|你们(?:的人|客服)?)(?:那边|的人)?(?:又|就|还|却|也|老|非)*"
    r"(?:说(?!法)|讲|让我|叫我|告诉我|推)"
)
CAME_OF_IT = re.compile(rf"结果(?!出|是什么|怎)|谁知|没想到|{THEY_SAID}")
TRIED = re.compile(
    r"(?:我们?|当时|本来|原来|原本|就)(?:也|就|只|还|本来|当时|一直|那天|去年|前天|昨天)*"
    rf"(?:想(?!问|请|要求|让你)|打算|准备|让[他她]|叫[他她])[^。!?;\n]{{1,28}}?(?P<came>{CAME_OF_IT.pattern})"
)
COMMA = re.compile(r"，|(?<!\d),")
CLAUSE_MARK = re.compile(r"[，,。!?;；\n]")
LEADS = (
    "骗子公司|骗子|垃圾公司|黑心公司|什么破公司|破公司|坑人|嗯|特此|特|现特|兹|谨|郑重|啊|呃|哦|唉|哎|喂|好了|好吧|那么|那|就|我们|我|咱们|咱|俺们|俺|你们|你|您|贵公司|公司|贵司|还是|最好|只|当然|肯定|都|也|还有|还|现在|立即|立刻"
    "|马上|尽快|尽早|抓紧|赶紧|赶快|及时|快点|快些|快|速度|直接|先|一次性|一次|一并|同时|另外|然后|但是|但|总之|反正|所以|因此|故|并且|并|且|以及|或者|或"
    "|要么|要不|全部|全|统统|通通|一起|今天|今晚|明天|必须|应该|应当|务必|得|要|想|再|多|少|第一|第二|第三|第四|第五|[0-9][.、)]|[一二三四五六][、.:是]"
)  # what may stand before the word that asks
LEAD = rf"(?:(?=[{LEADS.translate({ord(mark): None for mark in '|[]()'})}])(?:{LEADS})|[\s(“\"'①-⑩•·:、-]){{1,8}}+"
CLAUSE_BEGINS = r"(?<![^，。!?;:\n、,])"
SPEECH_LEAD = r"(?:嗯|啊|呃|哦|那|就|我们?|你们|你|贵司|公司|还是|最好|只|只要|就是|当然|肯定|都|也|现在)*"
HEADS = re.compile(r"\[(?P<characters>[A-Za-z㐀-鿿]+)\]|\(\?:(?P<words>[㐀-鿿|]+)\)(?![?*+{])")
UP_TO = re.compile(
    r"(?:按[^，。]{1,12}?)?(?:先|都|全部?|全额|足额|重新|赶[紧快]|快点?|尽快|马上|立[刻即]|直接|必须|应该|得|要|一定|当面|书面|换个?人|给我)*$"
)
UNPUNCTUATED = 24  # characters without any mark: somebody speaks
APART = 16  # characters between two demands of one breath
BREATH = 48  # characters after the asking word, if nothing tells where the demand ends


def requests(reading: Reading) -> Found | None:
    """The passages that ask for something, joined; None when nothing is asked."""
    places = passages(reading.flat)
    if not places:
        return None
    parts = {reading.words(a, b): a for a, b in reversed(places)}  # what is said twice is wanted once
    value, begin = "", places[-1][0]
    for words, at in parts.items():  # from the end, where letters ask
        if value and len(value) + len(words) >= LONGEST:
            break
        value, begin = f"{words}\n{value}" if value else words, min(at, begin)
    return Found(value=value[:LONGEST], start=begin, end=places[-1][1], rule="request.cue", confidence=0.85)


def wishes(text: str) -> bool:
    """Whether a bare answer to "how shall we settle it?" names a wish or an outcome: no story, no name, no delay."""
    if not re.search(r"[㐀-鿿]", text):
        return bool(re.search(rules("requests")["english"], text, re.I))
    return any(_wish(clause) for clause in re.split(r"[，,。!?;；、\n\s]+", text) if clause)


def outright(text: str) -> bool:
    """Whether a bare answer to the same question, of four characters and more, asks for a deed and tells no story, asks
    nothing back and complains of nobody: 单独给我上交强险, 受益人改成我女儿."""
    bare = text.strip(" ，,。.!！;；、~\n")
    data = rules("requests")
    if len(bare) < LEAST_OUTRIGHT or len(bare) > MOST_OUTRIGHT or NO_WISH.search(bare):
        return False
    if re.search(data["introduction"], bare) or re.search(data["narrative"], bare) or _never().search(bare):
        return False
    return bool(re.search(data["acts"], bare))


def wish_begins(text: str) -> int:
    """Where in such an answer the story ends and the wish begins; 0 when it tells no story first."""
    told = False
    for clause in re.finditer(r"[^，,。!?;；\n]+", text):
        if _wish(clause[0].strip()):
            return clause.start() if told else 0
        told = told or bool(re.search(rf"{rules('requests')['narrative']}|[0-9]", clause[0]))
    return 0


def _wish(clause: str) -> bool:
    data = rules("requests")
    if re.search(data["introduction"], clause) or _never().search(clause):
        return False
    asks = _strong().search(clause)
    if asks and _asks(clause, asks, 0, len(clause)):
        return True
    told = re.search(data["narrative"], clause) and not re.search(data["ban"], clause)
    begins = re.match(SPEECH_LEAD + f"(?:{'|'.join(data['outcome'])})", clause)
    return not told and bool(begins or (len(clause) <= SHORT and re.search(data["outcomes"], clause)))


def passages(text: str) -> list[Place]:
    """Where something is asked for."""
    found: list[Place] = []
    listing = False
    spoken = not COMMA.search(text)
    for start, end in sentences(text):
        sentence = text[start:end]
        if listing and ITEM.match(sentence):
            found.append(trim(text, start, end))
            continue
        listing = bool(HEADING.search(sentence))
        found += [place for place in _in_sentence(text, start, end, spoken=spoken) if place[1] - place[0] >= 2]
    return found


def _in_sentence(text: str, start: int, end: int, *, spoken: bool) -> list[Place]:
    if spoken and end - start > UNPUNCTUATED:
        return [trim(text, *place) for place in _breaths(text, start, end)]
    begin = end
    for cues in (_strong(), _imperative()):
        for match in cues.finditer(text, start, begin):
            if _asks(text, match, start, end) and not (cues is _imperative() and _tells(text, match, end, DONE)):
                begin = _clause_start(text, match.start(), start)
                break
    return [trim(text, begin, end)] if begin < end else []


def _breaths(text: str, start: int, end: int) -> list[Place]:
    """Speech to text without marks: demands begin in the middle and only their own words tell where."""
    asking = [match for match in _strong().finditer(text, start, end) if _asks(text, match, start, end, SAID_ALOUD)]
    demands = _joined(text, asking, start)
    if not demands:
        weak = (match for match in _weak().finditer(text, start, end) if _asks(text, match, start, end, SAID_ALOUD))
        demands = _joined(text, [match for match in weak if not _tells(text, match, end)], start)[-1:]
    if not demands:
        return []
    limits = [*(a for a, _ in demands[1:]), end]
    return [(a, _ending(text, b, min(limit, b + BREATH))) for (a, b), limit in zip(demands, limits, strict=True)]


def _joined(text: str, asking: list[re.Match[str]], start: int) -> list[Place]:
    """The words that ask, those of one breath together, each with what leads up to it: 按去年的价重新 of 给我算."""
    joined: list[Place] = []
    for match in asking:
        a, b = match.span()
        if AFTERWARDS.match(match[0]):
            a = max(start, a - APART)
        elif lead := UP_TO.search(text, max(start, a - APART), a):
            a = lead.start()
        if joined and a - joined[-1][1] <= APART:
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    return joined


def _asks(text: str, match: re.Match[str], start: int, end: int, said: re.Pattern[str] = SAID) -> bool:
    at, cue = match.start(match.lastgroup or 0), match[match.lastgroup or 0]
    never = _never().finditer(text, max(start, at - LONGEST_NEVER), min(end, match.end() + LONGEST_NEVER))
    if any(one.start() < match.end() and at < one.end() for one in never):
        return False
    if ASKED.search(text, max(start, at - SAID_WITHIN), at) or _tried(text, at, start, end):
        return False
    if POLITE.match(cue):
        return True
    if said.search(text, max(start, at - SAID_WITHIN), at):
        return False
    return not (LOOSE.match(cue) and _tells(text, match, end))


def _tried(text: str, at: int, start: int, end: int) -> bool:
    """我就想把钱取出来，结果打给她，她说…: what was wanted then is the middle of a story."""
    near = max(start, at - TRIED_BEFORE), min(end, at + TRIED_AFTER)
    if not CAME_OF_IT.search(text, at, near[1]):
        return False
    return any(one.start() <= at < one.start("came") for one in TRIED.finditer(text, *near))


def _tells(text: str, match: re.Match[str], end: int, told: re.Pattern[str] = TOLD) -> bool:
    """Whether what follows in the clause tells what was done instead of asking for it."""
    follows = CLAUSE_MARK.split(text[match.end() : min(end, match.end() + TOLD_WITHIN)], maxsplit=1)[0]
    follows = INDIRECT.split(follows, maxsplit=1)[0]
    return not follows.startswith("是") and bool(told.search(follows))


def _clause_start(text: str, at: int, start: int) -> int:
    """差额请补足: what is asked for may stand before the asking word."""
    comma = text.rfind(",", start, at)
    if comma > start and text[comma - 1].isdigit() and text[comma + 1].isdigit():
        comma = text.rfind(",", start, comma)  # 1,980元 is one
    return max(start, comma + 1, text.rfind("，", start, at) + 1, text.rfind("、", start, at) + 1)


def _ending(text: str, begin: int, end: int) -> int:
    """Where it ends: where a speaker goes on to something else."""
    follow = _ends().search(text, begin, end)
    return follow.start() if follow else end


@cached_rule
def _strong() -> re.Pattern[str]:
    return re.compile(_any_of(rules("requests")["strong"]))


@cached_rule
def _weak() -> re.Pattern[str]:
    return re.compile(_any_of(rules("requests")["weak"]))


@cached_rule
def _imperative() -> re.Pattern[str]:
    """The same where a clause begins with it."""
    return re.compile(rf"{CLAUSE_BEGINS}(?:{LEAD})??(?P<cue>{_any_of(rules('requests')['weak'])})")


def _any_of(patterns: list[str]) -> str:
    acts = f"(?:{rules('requests')['acts']})"
    return "|".join(way for one in patterns for way in _literal_first(one.replace("{acts}", acts)))


def _literal_first(pattern: str) -> list[str]:
    """[俾畀]返 as 俾返, 畀返: where every way begins with a literal, ``re`` skips all places where none can stand."""
    head = HEADS.match(pattern)
    if head is None:
        return [pattern]
    words = head["words"].split("|") if head["words"] else list(head["characters"])
    return [word + pattern[head.end() :] for word in words]


@cached_rule
def _never() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, rules("requests")["never"])))


@cached_rule
def _ends() -> re.Pattern[str]:
    return re.compile("(?<![给替帮为找向跟还让和])(?:" + "|".join(map(re.escape, rules("requests")["ends"])) + ")")
