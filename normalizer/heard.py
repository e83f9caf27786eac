"""Bare answers: yes and no, don't know, later, nothing, a score, four digits, a number of ours."""

from __future__ import annotations

import re

from normalizer.extract.corrections import after_correction
from normalizer.extract.numerals import DIGITS, spoken_digits
from normalizer.extract.runs import runs
from normalizer.number import all_numbers
from normalizer.text import Reading

# Who hums, hums on: a repeated group has only single sounds within, or each 嗯 doubles the ways to read them.
END = r"[\s，。!?~.…,;]"
ENDS = rf"{END}*+"  # no word after it begins with one
FILLERS = r"嗯|啊|呃|哦|那个|这个|我|就|都|真|也|还|的|了|吧|呀|呢|嘛|哈|这|现在|暂时|目前|确实|实在"
FILLER = rf"(?:{FILLERS})*"
DECLINES = (
    (
        "refuse",
        r"(?:不想|不愿意?|不方便|拒绝|不能|不便)(?:说|讲|透露|提供|告诉你?们?|给|留|发)?(?:身份证号?|电话|姓名|名字|号码)?|匿名|保密|凭什么告诉你?们?|不说|不给|不告诉你?们?|不留|不方便发身份证号?",
    ),
    (
        "evasive",
        r"随便你?们?|你们?(?:自己)?(?:去)?查(?:一下)?(?:啊|吧|呗)?|自己(?:去)?查|你们?(?:那里?|那边|系统里?)?(?:不是)?(?:都|应该)?(?:有|能查到?|查得到|看得到)(?:吗|的)?|你猜|问你们?自己|你们?不知道吗|都(?:可以|行)|无所谓|你们?看着办|看着办|爱怎么着?怎么着?|你说呢|系统里?(?:都)?有|你们系统里?有|你们?有记录",
    ),
    (
        "unknown",
        r"不知道|不晓得|不清楚|不记得|记不(?:得|清|住|到)|忘(?:记)?了?|忘掉|想不起来?|没记住?|搞不清|弄不清|说不清|不太?清楚|不太?记得|不大清楚"
        r"|找不到|找不着|不确定|没印象|不认得|看不懂|不懂|不会|我?不太明白|i don't know|no idea|not sure",
    ),
    (
        "later",
        r"(?:晚点|晚些|等下|等一下|等会儿?|一会儿?|待会儿?|回头|过会儿?|改天|明天|后天|稍后|稍等|过几天|下次|晚上|下周|下午|回家|到家|以后|这两天|之后)(?:再|就|我|给|去)?(?:说|发|给|补|找|查|传|拍|寄|看|弄|提供)?(?:给?你们?|上|一下|来|过来|过去)?|这两天补给你们|later",
    ),
    (
        "none",
        r"没(?:有)?(?:什么|啥|别的|其他|特别的?)?(?:要求|诉求|想法|补充)|没有?(?:什么|啥|其他|别的|了|的|要补充的?|补充|需要补充的?|可补充的?)*|就(?:这些|这样|这么多|这个|这)(?:了|吧)?|没了|无|没啥了?|暂无|不用了?|不需要了?|不必了?|好了|行了|可以了|完了|说完了|先这样|没有[，,]?(?:是我本人|电话里发不了)|no(?:ne|thing)?|none",
    ),
)
DECLINED = tuple(
    (name, re.compile(rf"^{ENDS}{FILLER}(?:{words})(?:{FILLERS}|{END}|(?>{words}))*$", re.I))
    for name, words in DECLINES
)
DELAYED = (
    r"(?:等下|等一?会儿?|等一下|一会儿?|待会儿?|晚点|晚些|回头|过会儿?|稍后|改天|下次|晚上|明天|下班|到家|有空|之后|以后)"
    r"(?:再|我再|就)?(?:说|聊|讲|回|回复|联系|弄|发|告诉你?们?|处理|打字)?"
)
BUSY = (
    r"(?:我|俺|咱)?(?:现在|这会儿?|正|刚好|目前|手头)*(?:(?:在|正在)(?:开车|上班|开会|忙|外面|吃饭|路上|干活|医院|上课|坐车"
    r"|地铁上|加班|带孩子|做饭)|忙|没空|没时间|不方便|有事|有点事|开车|走不开|手机快?没电)(?:着|呢|了|的|中)?"
)
BUSY_LATER = re.compile(
    rf"^{ENDS}(?:{DELAYED}(?:{FILLER}{ENDS}{BUSY})|{BUSY}{ENDS}(?:{DELAYED})?|{DELAYED}){FILLER}{ENDS}$"
)
SIGNS = re.compile(r"\[[^\[\]]{1,8}\]|/::?.{1,3}")  # [微笑] and /::) as WeChat writes its faces
WORD = re.compile(r"[0-9A-Za-z㐀-鿿]")
FEW_DIGITS = re.compile(rf"^{ENDS}\d{{1,3}}{ENDS}$")
MACHINE = r"(?:机器人|真人|活人|人工|人|AI|机器|自动回复|电脑)"
WHO_ARE_YOU = re.compile(
    rf"^{ENDS}(?:请问|那|所以|喂|你好)?[，,\s]*(?:你们?|您|对面|这里?|那边)(?:到底|究竟)?(?:是不是|不是|是)?(?:一?个)?{MACHINE}"
    rf"(?:还是{MACHINE})?(?:吗|吧|么|啊|呀|嘛)*{ENDS}$|^{ENDS}(?:你|您)是谁(?:啊|呀)?{ENDS}$"
    r"|^are you (?:a )?(?:robot|bot|human|real)\W*$",
    re.I,
)
STILL_TALKING = re.compile(
    rf"^{ENDS}(?:我|俺)?(?:的?话)?(?:还|都还)?(?:没|未)(?:有)?(?:说|讲|打|写|发)(?:完|好)(?:呢|啊|的|了)?{ENDS}$"
)
THEIR_PAPER = re.compile(
    r"保单上|单子上|合同上|发票|寄来|寄给|出单|出的|系统里|你们(?:把|给|那|的|录|登记|写|打|弄)|业务员|投诉|跑了|不给|不让|一直|没人|拒"
)
LEADS = r"(?:嗯+|啊+|哦+|噢|呃+|哎|诶|欸|那|well|oh|um+)?[，,\s]*"
PARTICLES = r"[了的啊呀吧嘛呢哒哈嘅噶呐滴喽咯吖嘞]*+"  # no word below begins with one
BETWEEN = r"[，,。.!\s]*+"
IT_IS = r"(?:that'?s|that is|it'?s|it is|this is)"
FINE = rf"{IT_IS} (?:all |very |quite )?(?:right|correct|it|true|fine)"
YES_WORDS = (
    r"嗯|是我说|是我|是这个|(?:就是|是)(?:这样子?|这么(?:回事|个?事))|是本人|是|对头|对|没错|冇错|无误|没毛病|没问题|冇问题|好|行|可以|确认撤回|确定撤回"
    r"|确认|确定|正确|准确|同意|要得|要|需要|中|成|得|系|啱晒?|就是这个|就这个|就是|本人|必须|当然|撤回|就打这个|就用这个|谢谢|1|👌|👍"
    rf"|ok(?:ay)?|yes|yep|yeah|yup|sure|correct|right|exactly|please|thanks?(?: you)?|{FINE}|it is|i do|i am"
)
NO_YES = r"(?!谢谢|thank|please|it is|i do|i am)"  # by themselves
YES = re.compile(
    rf"^{ENDS}(?:{LEADS}{NO_YES}(?:{YES_WORDS}){PARTICLES}"
    rf"(?:{BETWEEN}(?>{YES_WORDS}){PARTICLES})*){ENDS}$",
    re.I,
)
NOT_RIGHT = r"wrong|incorrect|not (?:quite )?(?:right|correct|true|it)"
NO_WORDS = (
    r"不(?:是|对头|对|行|正确|准确|可以|同意|要|用|需要|确认)?(?:这样子?|这个|那样|我)?|有误|有错|有[点些]问题|错咗?"
    r"|[搞弄记听写说]错|否|别|先不|不撤回?|没有"
    r"|(?:不太|不大|不怎么|不完全|完全不|有点不|好像不|不是很?|都不|全不)(?:对|正确|准确|是)|对不上"
    rf"|唔(?:系|啱|对|得|使|好)|2|nope|no|{NOT_RIGHT}|{IT_IS} (?:all )?(?:{NOT_RIGHT})|it isn'?t"
)
NO = re.compile(
    rf"^{ENDS}{LEADS}(?:{NO_WORDS}){PARTICLES}(?:{BETWEEN}(?>{NO_WORDS}|继续投诉|谢谢|你帮我记一下){PARTICLES})*{ENDS}$",
    re.I,
)
NO_LEAD = re.compile(r"^\s*(?:不对|不是|错了|不正确|有误|不撤回|唔系|唔啱|错咗)[，,。\s]")
ANSWER = 40  # characters of a message that is nothing but a yes or a no
GREETING = re.compile(
    rf"^(?>{ENDS}(?:你好啊?|您好啊?|你们好|在吗|在么|在不在|在|有人吗|有人在吗|哈喽|哈罗|hello|hi|hey|there|打扰一下|嗨|早上好|上午好|中午好|下午好|晚上好|早安?|晚安|喂|亲|各位好|客服好?|嗯|客服在吗|请问|打扰了?|老师好|/::\)))+{ENDS}$",
    re.I,
)
SCORE = re.compile(rf"^{ENDS}(?:我?(?:给|打|评)(?:个)?)?(?P<n>[1-5一二三四五])(?:分|星|颗星)?{ENDS}$")
SCORED = 24  # characters of a message that may be nothing but a score
LAST_FOUR = re.compile(
    r"(?:尾号|后四位|后4位|末四位|末4位|最后四位|后四位数?|尾数)(?:数字|数|号码)?(?:是|为|:|就是|，|\s)*(?P<n>[0-9Xx零〇洞一幺么二两三四五六七拐八九勾](?:[\s，,]?[0-9Xx零〇洞一幺么二两三四五六七拐八九勾]){3})(?![0-9])"
)
FOUR = re.compile(
    rf"^{ENDS}(?:是|尾号|嗯|我的|身份证|手机|后四位|的)*\s*(?P<n>[0-9Xx零〇洞一幺么二两三四五六七拐八九勾](?:[\s，,]?[0-9Xx零〇洞一幺么二两三四五六七拐八九勾]){{3}})(?:的|号|吧|啊)?{ENDS}$"
)
CARD = re.compile(r"(?:卡|账户|账号|银行卡|保单)[^，。]{0,4}$|^(?:的)?(?:卡|银行|储蓄)")
CHANGE = re.compile(
    r"(?:改|换|更改|修改|变更|更正|改正|更新|重新填|重填)(?:一下|下|个)?(?:我的?|一下|联系)?(?P<what>电话|手机|手机号|联系方式|号码|姓名|名字|保单号?|保单号码|赔案号|报案号|邮箱|地址|身份证号?|诉求|要求|内容)|(?P<what2>电话|手机号?|联系方式|姓名|名字|保单号?|赔案号|报案号|邮箱|地址|诉求|要求)(?:刚才|刚刚|之前)?(?:写|填|说|给|报|留|打|弄|输)?(?:错|要改|想改|换了|变了|不对|改了|改一下|换一个|换一下|填错|写错|说错)"
)
WHAT = {
    "电话": "phone",
    "手机": "phone",
    "手机号": "phone",
    "联系方式": "phone",
    "号码": "phone",
    "姓名": "complainant_name",
    "名字": "complainant_name",
    "保单": "policy_number",
    "保单号": "policy_number",
    "保单号码": "policy_number",
    "赔案号": "claim_number",
    "报案号": "claim_number",
    "邮箱": "email",
    "地址": "address",
    "身份证": "id_number",
    "身份证号": "id_number",
    "诉求": "request",
    "要求": "request",
    "内容": "matter",
}


def declined(text: str) -> str:
    """unknown, none, later, evasive or refuse when the message is nothing but that; else the empty string."""
    if len(text) > 30:
        return ""
    known = next((name for name, pattern in DECLINED if pattern.match(text)), "")
    return known or ("later" if BUSY_LATER.match(text) else "")


def agreed(text: str) -> bool | None:
    """A bare yes or no; "不对，电话是…" is a no as well."""
    short = len(text) <= ANSWER
    if (short and NO.match(text)) or NO_LEAD.match(text):
        return False
    return True if short and YES.match(text) else None


def score(text: str) -> int | None:
    match = SCORE.match(text) if len(text) <= SCORED else None
    return int(DIGITS.get(match["n"], match["n"])) if match else None


def greeting(text: str) -> bool:
    return bool(text.strip()) and len(text) < 24 and bool(GREETING.match(text))


def says_nothing(text: str) -> bool:
    """A face, a mark, a greeting, a question who we are, 我还没说完呢: words that tell and ask nothing."""
    wordless = not WORD.search(SIGNS.sub("", text))
    return wordless or greeting(text) or bool(WHO_ARE_YOU.match(text) or STILL_TALKING.match(text))


def few_digits(text: str) -> bool:
    """A key pressed: 1, 12, 3."""
    return bool(FEW_DIGITS.match(text))


def english(text: str) -> bool:
    """Hello, alone, is English, although it is short."""
    words = re.findall(r"\b[A-Za-z]+\b", text)
    return text.isascii() and (len(words) > 1 or (bool(words) and greeting(text)))


def last_four(text: str, *, asked: bool) -> str:
    """The four trailing characters offered as proof of who one is; those of a bank card are not."""
    before, anew = after_correction(text)
    if anew and (four := last_four(anew, asked=asked or bool(LAST_FOUR.search(before)))):
        return four
    match = FOUR.match(text) if asked else None
    match = match or (LAST_FOUR.search(text) if "尾" in text or "四位" in text or "4位" in text else None)
    if not match or CARD.search(text[: match.start()]) or CARD.search(text[match.end() : match.end() + 3]):
        return ""
    return "".join(DIGITS.get(c, c) for c in match["n"].upper() if c in DIGITS or c.isdigit() or c == "X")


def correcting(text: str) -> str:
    """The field that the person wants to change: 改一下电话 → phone; a policy on which it is wrong is a complaint."""
    match = CHANGE.search(text) if len(text) < 60 else None
    if not match or THEIR_PAPER.search(text):
        return ""
    return WHAT[match["what"] or match["what2"]]


def case_numbers(reading: Reading, *, asked: bool) -> tuple[str, ...]:
    """Our own numbers in the text; spoken or keyed digits count when we had asked."""
    numbers = list(all_numbers(reading.flat, bare=asked))
    if asked:
        for run in runs(reading):
            digits = spoken_digits(run.value)
            numbers += all_numbers(digits, bare=True) if len(digits) == 12 else ()
    return tuple(dict.fromkeys(numbers))
