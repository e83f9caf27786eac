"""Whether a number without a unit is a sum of money: what stands before and after it tells."""

from __future__ import annotations

import re
from typing import NamedTuple

# words that count something, unless they begin a word of their own: 500份 but 5000份额, 3只 but 500只赔
MEASURE = (
    r"个(?!税)|人(?!民币|保|寿|身)|名(?!义|下|字|叫)|位|户(?!头|名|口)|口(?!头|述|口)|家(?!里|人|长|属|财|庭)|次(?!月|日|年|要|序)"
    r"|回(?!来|到|我|给|去|款|购|卡|访|复|家|执)|趟|遍|通(?!过|知|融)|场|轮|顿|声|公里|里(?!面|头|边|程|含|有|就|只|抽|扣|赔)"
    r"|米|厘米|毫米|平(?!安|台|均|白|时|息|常)|立方|公顷|亩|垄|英寸|寸|斤|公斤|千克|克(?!扣)|吨|升(?!级|到)|毫升|两(?=[黄白银重，。])|kg|KG|km|KM|cm|mm|ml|GB|G|兆"
    r"|份(?!额)|条(?!款|件|例)|辆|件|股(?!东|份|票)|天|夜|晚|宿|日|号|月(?!供|交|缴|薪|租|初|底|月)|年(?!费|缴|交|化|利|年|租)|岁|周(?![一二三四五六日末])|星期|礼拜"
    r"|小时|钟头|分钟|分(?!红|期|摊|两|开|文|毛|几|多|不|给|到|了)|秒|点(?!名|钱)|刻|倍|折|成(?!本|了|为|交|都|立)|度|级|层|楼|栋|幢|单元|室|房|座|间(?!接)|所(?!以|有)"
    r"|头(?!一|款|期)|只(?=[猫狗羊鸡鸭鹅猪鸟兔鞋手眼耳股基箱虾蟹，。、;!?\s]|$)|匹|株|棵|颗|粒|枚|根(?!本|据)|支(?!付|公|出|票|取)|扇|盏|副|双(?!方|倍|录)|对(?=[，。夫耳手鞋门情]|$)"
    r"|套(?!路|现|取|牢)|组|批(?!准|复|下)|箱|盒|袋|包(?!括|含|赔|干)|瓶|桶|罐|车次|艘|架|台|幅|卷|册|本(?!金|钱|息|来|人|该|应|月|年|次|是)|部(?!分|门)|篇|章|页|张|封|行(?!不|吗|吧)|列|排"
    r"|集|款(?!项|子)|道|门(?!诊)|宗|桩|期(?!满|间|货|交|缴)|起(?!诉|码|来|初)|例(?!如)|单(?!独|位|方|子)|席|桌|字|步|粉|网友|观众|用户|群|网民|业主|村民|农户|老乡|员工|客户|马力|大卡|卡路里"
    r"|像素|毫安|伏|瓦|转(?!账|给|到|走|入|出|了)|%|％|℃|°|分之|\+|后(?=[，。出生的])|元医|医疗险|医疗|火急|种(?![牙植地树田粮棉稻麦])|句|把(?=[刀枪伞椅火])"
)
COUNTED = re.compile(rf"\s?(?:多|来|余|几|把)?\s?(?:{MEASURE})")
AFTER_DATE = re.compile(r"[-./:：~]\d|[-/](?![年月天次人])")
PERIOD = re.compile(r"\s?(?:一年|一个月|一天|一次|一头|一亩|一晚|每[年月天次]|/[年月天次人]|首月|首年)")
# after these words a number names something
NAMING = re.compile(
    r"(?:(?:血压|血糖|心率|体温|脉搏|海拔|指标|转氨酶)[一-鿿]{0,4}|坐席|座席|第|号|编|码|尾|楼|层|栋|幢|室|房|座|级|版|型|卡|班|路|线|群|率|压|糖|温|拔|龄|岁|位|话|分数|总分|成绩|体重|身高|海拔|面积|里程|第\d+[章条款项]的?|共享|热线|拨打?|拨通|打过?|致电|转接|QQ|qq|微信|车次|航班|邮编|门牌|分之|公元|\d[-./:：]|份证)\s?(?:是|为|:|好像|大概|可能|应该|貌似|估计|记得|叫|写的?)*\s?$"
)
AFTER_YEAR = re.compile(r"(?<![每一个半首全])[年月]\s?$")  # 2019年 3…; but 两年四万
HOTLINES = frozenset(
    (
        "110",
        "119",
        "120",
        "122",
        "114",
        "12378",
        "12345",
        "12315",
        "12348",
        "12363",
        "12333",
        "12386",
        "12306",
        "10086",
        "10010",
    )
)
RATE = re.compile(r"(?:利率|费率|年化|收益率|利息)[^。;!?\n]{0,18}$")
OWED = re.compile(r"(?:[钱费款价账债金]|金额|多少)[，,、。\s]\s?$")  # 天天找我要钱，6300
CENTS = re.compile(r"\d{2,}\.\d\d$")
DAY = re.compile(r"(?:1[0-2]|0?[1-9])\.(?:[12]\d|3[01]|0[1-9])$")  # 10.17 may be a day
LARGE = frozenset("万亿wW")
REACH = 14  # characters before a number that tell what it is
SERVICE = re.compile(r"9[56]\d{3,4}$")  # 95500
YEAR = re.compile(r"(?:19[3-9]|20[0-4])\d$")

VERBS = (
    "花交扣赔退收付报给返补垫缴少多差欠划转打汇充存取领贷借罚卖买要值亏剩省骗吞拿挣赚涨降减摊抵算保核定扛掏贴抠诈坑投得赢"
    "共约近才仅只凑押出按批开认兑租抽拨折搭"
)
NOUNS = "费款钱额价金租薪资账息利贴帐本损"
VERB = re.compile(
    rf"(?:[{VERBS}{NOUNS}]|价格|金额|损失|合计|总计|共计|报销|到手|打包|不到|超过|至少|顶多|最多|最少|整整|足足|左右|如数|发票|收据|工资|押金|手术|检查|治疗|修理|维修|住院|门诊|保险|报价|红包"
    r"|(?:每|一|首|年|月|头)(?:年|个月|月|天|次|头|亩|人|期|晚|趟|回|只|份|单|笔|平|斤|吨|台|位|户|件|辆|季|学期|小时|棵|床|口|公里)|[剩余]下|多出|少了)"
    r"(?:[了走我你您他她它们到回出掉给的是过去只才就要有那这得上下成为也都还又着进来起共整可等近约:：]|大概|差不多|几乎|将近|其中|现金|仅仅|不过|足足|一笔|人家|公司|大约|人民币|最多|至少|总共|一共|才只|不止|差点|分别|各)*\s?$"
)
FIRM = re.compile(  # so firm that even a small or a yearlike number is money
    r"(?:[花扣赔退收付返补垫缴欠划汇罚骗费款钱额价金租息]|[交转少]了|到手|到账|[每一首][年月天次]|一个月|每个月|第一年|保费|价格|金额|数额|总额)(?:[了走我你您他她到回出掉给的是去只才就要这那各]|:|其中|现金|一共|分别|\(元\))*\s?$"
)
AFTER = re.compile(
    r"\s?(?:多|余|来)?\s?(?:给我|还我|退给|退我|退回|退还|还给|打我|打到|打回|打给|转给|转回|塞|现金|一年|一个月|每年|每月|首月|一天|一次|一头|一亩|一晚|一人|/[年月天次人]|的[一-鿿]{0,4}险(?!公司)|的卡单|的?(?:保费|费用|赔款|押金|定金|学费|手术费|医药费|医疗费|修理费|维修费|发票|损失|本金|工资|货|活儿?|东西|差价|钱|门诊费|药费|护理费|房租|津贴)|补[给齐上我]|报销|到账|到位|赔[给我了]|退了|报了|扣[了走掉]|交[了上]|买[的了]|差|还没|到现在|一直没|至今|你们|啥时|什么时候|不[退给赔]|没[退给赔])"
)
END = re.compile(r"\s?(?:[，。、;!?…)）”\s]|$|[，。]|的[，。!?]|都|全|也|还|就|才|呢|啊|吧|吗|哦|哈|嘛)")
JOINT = re.compile(
    r"\s?(?:[-~—、和跟与及或,，/]|不是|变成?|变|到|至|而不是|还是|改成|改为|涨到|降到|涨成|降成|加上?|\+|，不是|，而不是|变更为|写成|打成|说成|错写成|砍到|压到|减到|扣到|核成|少到|再到|最后到|→|->)\s?了?\s?$"
)
THAT = re.compile(r"[那这][笔个]?$")
HAN = re.compile(r"[一-鿿]\s?$")
AUDIENCE = re.compile("粉|网友|观众|关注")
CERTAIN = ("unit", "sign")


class Named(NamedTuple):
    """A number in a text: the rule that makes it a sum ("" for none), and whether it is said to count things."""

    text: str
    raw: str
    values: tuple[float, ...]
    start: int
    end: int
    rule: str
    counted: bool = False
    names: bool = False  # a room, a line, a hotline

    def ruled(self, rule: str, *, counted: bool = False) -> Named:
        return self._replace(rule=rule, counted=counted, names=False)


def sense(text: str, start: int, end: int, raw: str, values: tuple[float, ...]) -> Named:
    """A number without a unit, with what the words around it make of it."""
    counted = bool(COUNTED.match(text, end))
    before = text[max(0, start - REACH) : start]
    names = bool(NAMING.search(before) or (raw.isdigit() and AFTER_YEAR.search(before)))
    rule = "" if counted or names or AFTER_DATE.match(text, end) else _rule(text, end, before, raw, values[0])
    return Named(text=text, raw=raw, values=values, start=start, end=end, rule=rule, counted=counted, names=names)


def _rule(text: str, end: int, before: str, raw: str, value: float) -> str:
    if "," in raw or "，" in raw or (CENTS.search(raw) and not DAY.match(raw)):
        return "cents"
    if not LARGE.isdisjoint(raw):
        return _large(text, end, before)
    if not raw[0].isdigit():
        return _said(text, end, before, raw, value)
    return _bare(text, end, before, raw, value)


def _large(text: str, end: int, before: str) -> str:
    """Ten thousands are money where nothing is counted; with 多 only where money is spoken of."""
    if AUDIENCE.search(before[-6:]):
        return ""
    return "" if text[end : end + 1] in ("多", "余", "几") and not VERB.search(before) else "large"


def _said(text: str, end: int, before: str, raw: str, value: float) -> str:
    """三千六 is money by its form; 三千 and 二百五 are where money is spoken of."""
    if value < 100:
        return "said" if FIRM.search(before) and value >= 10 and END.match(text, end) and len(raw) > 1 else ""
    if raw[-1] not in "十百千拾佰仟" and "零" not in raw and raw != "二百五":
        return "said"
    spoken_of = VERB.search(before) or THAT.search(before) or AFTER.match(text, end)
    return "said" if spoken_of or END.match(text, end) or len(raw) > 3 else ""


def _bare(text: str, end: int, before: str, raw: str, value: float) -> str:
    """Digits alone: after a word of paying, before one, or at the end of a clause when they are three or more."""
    whole = raw.partition(".")[0]
    if SERVICE.match(raw) or len(whole) > 7 or (whole.startswith("0") and whole != "0"):
        return ""
    if value < 30 and "." in raw and RATE.search(text, max(0, end - 30), end - len(raw)):
        return ""
    if FIRM.search(before) or (PERIOD.match(text, end) and value >= 5):
        return "verb"
    if DAY.match(raw):
        return ""
    if raw in HOTLINES or YEAR.match(raw) or (value < 10 and "." not in raw):
        return ""
    if (value >= 100 or "." in raw) and VERB.search(before):
        return "verb"
    if len(whole) >= 3 or "." in raw:
        if AFTER.match(text, end):
            return "after"
        told = HAN.search(before) or OWED.search(before)
        if THAT.search(before) or (len(whole) >= 3 and told and END.match(text, end)):
            return "clause"
    return ""


def joins(named: list[Named]) -> list[Named]:
    """The sums, with the numbers that are listed, compared or corrected beside one: 3800、2150、960; 8300不是3800."""
    kept: list[Named] = []
    previous: Named | None = None
    names = _rooms(named)
    for position, one in enumerate(named):
        later = named[position + 1] if position + 1 < len(named) else None
        sure = one if one.rule and (one.rule in CERTAIN or one.raw not in names) else None
        if sure is None and _may_be(one, names) and (_beside(previous, one) or _beside(one, later) or _less(kept, one)):
            sure = one.ruled("beside")
        if sure and previous and previous.counted and one.rule == "large" and _same_count(previous, one):
            sure, one = None, one.ruled("", counted=True)
        if sure:
            kept.append(sure)
        previous = sure or one
    return kept


def _rooms(named: list[Named]) -> set[str]:
    """What names a room or a line once names it again, and so do those listed with it: 6号楼602、603, later 赔了602."""
    rooms: set[str] = set()
    for before, one in zip([None, *named], named, strict=False):
        listed = before is not None and before.raw in rooms and JOINT.fullmatch(one.text, before.end, one.start)
        if one.names or listed:
            rooms.add(one.raw)
    return rooms


def _may_be(one: Named, names: set[str]) -> bool:
    return (
        one.values[0] >= 10
        and not one.counted
        and one.raw not in names
        and not (YEAR.match(one.raw) or DAY.match(one.raw))
    )


def _less(kept: list[Named], one: Named) -> bool:
    """今年168，去年才99: where a sum was named a small one needs no more than a word of paying."""
    before = one.text[max(0, one.start - REACH) : one.start]
    return bool(kept) and bool(END.match(one.text, one.end)) and bool(VERB.search(before))


def _beside(one: Named | None, other: Named | None) -> bool:
    if one is None or other is None or not (one.rule or other.rule):
        return False
    return bool(JOINT.fullmatch(one.text, one.end, other.start))


def _same_count(previous: Named, one: Named) -> bool:
    """抖音十一万粉丝，快手八万."""
    return one.start - previous.end <= 8 and bool(AUDIENCE.search(one.text, previous.end, one.start))
