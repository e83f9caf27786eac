"""How days are written and said: the patterns of ``dates``."""

from __future__ import annotations

import re
from itertools import islice

CN = "零〇一二两三四五六七八九十廿"
CD = "[一二三四五六七八九]"
CY = "[零〇一二三四五六七八九]"
MARK = "[日号曰]"  # 曰 is a badly printed 日
SAID_DAY = rf"[二三]十{CD}?|十{CD}?|廿{CD}?|{CD}"
DAY = rf"[12]\d|3[01]|0?[1-9](?!\d)|{SAID_DAY}"
MONTH_NUMBER = rf"(?P<m>1[0-2]|0?[1-9](?!\d)|十[一二]?|{CD}|元)"
YEAR = (
    rf"(?:(?P<y>(?:19|20)\d{{2}}|\d{{2}}(?=\s?年)|(?:一九|二[零〇0])[零〇0一二三四五六七八九]{{2}}|{CY}{{2}}(?=年))\s?[年./-]?\s?"
    r"|(?P<ry>大前年|去年|今年|前年|明年|后年|上一?年|本年|同年|当年|次年|翌年)(?:的|度)?\s?)"
)
UNCOUNTED = r"(?![\d.%:：]|[个天元块万千百多几点分时折倍人次级周/年号日曰]|-\d)"
JOIN = r"\s?[-~—至到、和跟与及,，]\s?"
FULL = re.compile(  # 8月3号, 7月28, 8月6日、7日, 3月5号到7号
    rf"(?<![\d.]){YEAR}?{MONTH_NUMBER}\s?月份?的?\s?(?P<d>{DAY})"
    rf"(?:\s?(?P<mark>{MARK})|(?={JOIN}(?:{DAY})\s?{MARK})|(?<=\d){UNCOUNTED}|(?<=十{CD}){UNCOUNTED})"
    rf"(?P<more>(?:{JOIN}(?:{DAY})\s?{MARK}(?!{JOIN}?月))+)?"
)
MORE = re.compile(rf"(?P<d>{DAY})\s?{MARK}")
DOTTED = re.compile(
    r"(?<![\d.A-Za-z])(?<![A-Za-z]-)(?<!\d{3}-)(?P<y>(?:19|20)\d{2}|2\d(?=[./]\d{1,2}[./]))\s?(?P<s>[-/.])\s?(?P<m>1[0-2]|0?[1-9])\s?(?P=s)\s?"
    r"(?P<d>[12]\d|3[01]|0?[1-9])(?![\dA-SU-Za-z]|-(?!20\d\d)|\.\d)"
)
SOLID = re.compile(
    r"(?<![\dA-Za-z-])(?P<y>20[0-3]\d)(?P<m>1[0-2]|0[1-9])(?P<d>[12]\d|3[01]|0[1-9])(?=[一-鿿，。、\s]|$)"
)
EVENT = (  # 10.17 and 9/13 are days where something happened on them
    r"\s?(?:日|号|那[天次]|当[天日]|[上下]午|[早晚]上|凌晨|中午|我|本人|你们|贵司|去|来|买|投保"
    r"|投诉|反映|反馈|办|提交?|报案|出险|出院|入院|住院|签|收|申请|寄|扣|续|交|打|发|说|补|回复|通知|告|又|才|再|退|到账|问|找|被|出|生效|到期|起|的(?:事|那|投诉|航班|单))"
)
SLASHED = re.compile(
    rf"(?<![\d./-])(?P<m>1[0-2]|0?[1-9])(?P<s>[./-])(?P<d>[12]\d|3[01]|0?[1-9])(?![\d/%.-])"
    rf"(?:(?={EVENT})|(?=\s)(?<=/\d\d)|(?<=-\d\d)(?=[，。、;)\s]|$))"
)
MONTH = re.compile(
    rf"(?<![\d.{CN}])(?:{YEAR}|(?<![每满近达长历拖等闰正腊第])(?<!每年)(?<!每年的)){MONTH_NUMBER}\s?月(?P<part>份|底|初|末|中旬|上旬|下旬)?(?!\s?(?:{DAY})\s?{MARK}|[内期供薪租结费饼子]|经[期量血痛不失])"
)
YEAR_MONTH = re.compile(
    r"(?<![\dA-Za-z-])(?P<y>20[0-3]\d)\s?[-/.]\s?(?P<m>1[0-2]|0[1-9]|[1-9](?=/|[一-鿿]))(?![\d./-])"
)
RELATIVE_MONTH = re.compile(
    rf"(?P<rm>上上个?月|上个?月|这个?月|本月|当月|同月|下个?月)(?:的|份)?\s?(?P<d>{DAY})\s?{MARK}"
    rf"(?P<more>(?:{JOIN}(?:{DAY})\s?{MARK})+)?"
)
WEEKDAY = re.compile(
    r"(?<![每逢到至个])(?P<w>上上个?|上个?|这个?|本|下下个?|下个?)?\s?(?:周|星期|礼拜)(?P<d>[一二三四五六日天1-6])(?![年个月天周期次]|\s?[-~到至]\s?(?:周|星期|礼拜)?[一二三四五六日天])"
)
DAYS = {
    **dict.fromkeys(("大前天", "大前日"), -3),
    **dict.fromkeys(("前天", "前日", "前晚", "前儿", "前个儿", "前儿个"), -2),
    **dict.fromkeys(
        ("昨天", "昨日", "昨晚", "昨夜", "昨儿", "昨早", "昨个儿", "昨儿个", "昨个", "昨朝", "夜儿个", "琴日", "寻日"),
        -1,
    ),
    **dict.fromkeys(("今天", "今日", "今早", "今晚", "今儿", "今晨", "今儿个", "今个儿"), 0),
    **dict.fromkeys(("明天", "明日", "明早", "明晚", "明儿", "明个儿", "明儿个", "听日"), 1),
    **dict.fromkeys(("后天", "后日"), 2),
    "大后天": 3,
}
RELATIVE_DAY = re.compile("|".join(sorted(DAYS, key=len, reverse=True)))
# 今天 is mostly no date but "now" (今天必须给我办); it is one where it tells when something happened
TODAY = re.compile(
    r"(?<![到至])(?:今(?:[天日]|儿个?|个儿)(?=一?[早上中下傍凌][上午晚晨间]|刚|才[收接发看知]|[收接]到|发现|看到|查[了询]|被|签收|[去来打]了|扣了)"
    r"|今[早晨])(?![^，。\n]{0,6}前)"
)
AGO = re.compile(rf"(?<!提)(?P<n>\d{{1,2}}|[{CN}]{{1,3}})(?P<u>天|日)(?:之|以)?前")
MOST_HOUSES = 100  # read in one text
HOUSES = re.compile(r"[路街巷弄]\s?(?P<n>\d{1,4}号?(?:[、和及与跟~-]\d{1,4}号?){0,20})(?<=号)")  # 丰收巷8、10、12号
NUMBERED = "字码楼院线路栋房仓机员桌台文单口库门馆店公病床厅窗柜段技厂井矿岗坑坝牌令召称外脚"  # 3号楼, 一号仓库, 号码
HAPPENS = r"[，。、\s\n早上中下晚那就才去我来到交报打又出给你他还申提拿办寄发收连签投买扣都又再各也]|$"
LONE_DAY = re.compile(
    rf"(?<![\d{CN}路街巷弄第编账卡尾楼工月投每口窗附/.A-Za-z-])(?<!\d\s)(?<!工号)(?P<d>{DAY})\s?"
    rf"(?:号(?![{NUMBERED}\d])(?:(?={HAPPENS})|(?<!{CD}号)|(?<=[十廿]{CD}号))|日(?={HAPPENS}))"
)
HAPPENED = re.compile(HAPPENS)
FIGURES = re.compile(r"今天[^。]{0,16}明天|今日事|明日复|昨日黄花|农历[^，。]{0,8}|阴历[^，。]{0,8}|明天会更好")
BEFORE = re.compile(r"\s?(?:前|之前|以前|到期|前后|起|开始)")
PAST = re.compile(
    r"(?![^，。\n]{0,3}(?:就|要|将|会|准备|打算))[^，。\n]{0,8}?(?:的|过|已|了|买|投|签|交|出险|住院|出院|报案|扣)"
)
UNTIL_NOW = re.compile(r"[都已]经?\s?$")  # 都十月份了 tells what time it is
ENGLISH = re.compile(
    r"\b(?:(?P<d>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<m>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?(?:\s+(?P<d2>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?!\d))?"
    r"(?:,?\s+(?P<y>20\d{2}))?\b"
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEK = "一二三四五六日"


def no_houses(text: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
    """Without 丰收巷8、10、16号, nor the 16号五金店 that is named again after it."""
    houses = list(islice(HOUSES.finditer(text), MOST_HOUSES))
    numbers = {each for house in houses for each in re.findall(r"\d+", house["n"])}
    return [
        one
        for one in found
        if not any(house.start() <= one.start() < house.end() for house in houses)
        and not (one["d"] in numbers and not HAPPENED.match(text, one.end()))
    ]
