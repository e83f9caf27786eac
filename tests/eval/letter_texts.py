"""Invented letters of complaint, and what a reader must find in each: drawn at random, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from channels.letter.simulator import Layout, id_number, mobile, styles

FAMILY = (
    "陈林周吴郑孙胡朱高何郭马罗梁宋谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏"
    "薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
TWO = ("欧阳", "司马", "诸葛", "上官", "皇甫", "令狐", "慕容", "东方")
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国志文斌浩宇轩梓涵雨桐嘉怡思远晓东海燕春梅"
RARE = ("䶮", "𬭎", "喆", "彧", "翀", "昇", "旻", "燊", "堃", "玥", "骉", "淼", "祎", "煊", "赟", "昕")
AREAS = ("320508", "310104", "440305", "510107", "330106", "110108", "420106", "610113", "210102", "350203")
LANDLINES = ("021-6400", "010-8233", "0512-6812", "0755-2654", "028-8517", "0571-8799")
PLACES = (
    ("江苏省苏州市姑苏区", "215000"),
    ("上海市徐汇区", "200030"),
    ("广东省深圳市南山区", "518052"),
    ("四川省成都市武侯区", "610041"),
    ("浙江省杭州市西湖区", "310012"),
    ("湖北省武汉市武昌区", "430061"),
    ("陕西省西安市雁塔区", "710061"),
    ("辽宁省沈阳市和平区", "110001"),
)
STREETS = ("青禾路", "平江街", "望湖巷", "学士弄", "丰收大道", "梧桐里", "中山南路", "建设三路")
ORGS = (
    "青湖财产保险股份有限公司",
    "青湖人寿保险有限公司苏州中心支公司",
    "贵公司消费者权益保护部",
    "青湖保险集团客户服务中心",
)
POLICIES = ("PDAA", "PDZA", "L", "GC", "CJ", "HP", "BX", "ZY", "CX", "SX", "NX", "JX", "TL", "CG", "")
TRAPS = ("QO", "IB", "SI", "OZ")
CLAIMS = ("RDAA", "RDZA", "CL", "LP", "BA", "RH")
HAN = "〇一二三四五六七八九"
TODAY = date(2026, 11, 20)

BODIES = (
    "{day}，本人驾驶车辆在{place}被追尾，当日报案，报案号{claim}。查勘员承诺十个工作日内赔付维修费{sum}元，然而至今分文未付。"
    "期间多次拨打客服热线，每次都说“正在审核”，没有任何书面答复。\n要求：尽快全额支付理赔款{sum}元，并书面说明拖延的原因。",
    "{day}，贵公司业务员{agent}在银行网点向我推销一款产品，称“保本保息，年化4.5%，与存款一样”，我交了保费{sum}元。回家后才知道是分红型保险，"
    "提前退保要损失一大半。\n要求：全额退还保费{sum}元，并处理业务员{agent}的误导行为。",
    "本人于{day}申请退保，柜面先是要求补材料，材料补齐后又说系统维护，前后跑了五趟。按合同现金价值应为{sum}元，至今未到账。\n请求尽快办理退保并支付{sum}元。",
    "我母亲{day}因急性阑尾炎住院，共花费{sum}元。申请理赔（理赔号{claim}）时贵公司以“未如实告知”为由拒赔，但投保时代理人{agent}从未询问过病史。\n"
    "要求撤销拒赔决定，按合同赔付医疗费用{sum}元。",
    "自{day}起，我每天接到自称贵公司的推销电话三四次，已明确表示拒绝仍不停止。我怀疑个人信息被泄露。\n要求：停止骚扰，说明我的信息从何而来，并书面道歉。",
    "{day}拨打客服热线咨询续保，座席{agent}态度恶劣，中途挂断电话，再次拨打后等待四十分钟无人接听。\n要求：对当事人进行批评教育，并给予书面答复。",
    "{day}银行卡被扣款{sum}元，经查是贵公司一份我从未同意过的附加险。我没有在任何文件上签字，也没有接到回访电话。\n要求：解除该附加险合同，退还所扣的{sum}元。",
    "暴雨导致我家车库进水，车辆发动机受损，{day}报案（报案号{claim}）。定损员只认定{sum}元，而4S店报价两倍不止。\n要求重新定损，由第三方机构评估。",
    "投保时代理人{agent}说生效后九十天即可理赔重大疾病，{day}本人确诊甲状腺癌，提交材料后被告知只按轻症赔付{sum}元。\n请按重大疾病的标准给付保险金，并提供条款依据。",
    "本人于{day}在网上投保意外险，交费{sum}元，电子保单迟迟未发送，客服让我等二十四小时，等了半个月仍没有。\n要求立即出具保单，否则全额退款。",
    "{day}，我的孩子在学校操场摔伤骨折，医疗费{sum}元。学平险理赔材料邮寄后石沉大海，快递显示已签收，贵公司却称没有收到。\n要求：查明材料下落，五日内给出理赔结论。",
    "我父亲{day}去世，我作为受益人申请身故保险金{sum}元，贵公司以需要公证为由反复退件，前后共四次。\n请一次性书面告知所需材料，并按时给付保险金。",
    "{day}，续期保费{sum}元扣款失败，贵公司没有任何通知，直到保单失效才打电话来。我的银行卡余额充足。\n要求恢复保单效力，不收取利息。",
    "本人{day}通过业务员{agent}投保，交费后{agent}离职，此后保单成了“孤儿单”，变更地址、领取生存金{sum}元均无人办理。\n要求指定专人服务，并补发{sum}元。",
    "{day}贵公司将我的车险保费由去年的{sum}元上涨近一倍，称系统核定，却拒绝说明计算依据。我去年没有出险。\n要求：书面说明保费的计算方法，重新核定。",
    "农业保险方面：{day}我村遭受冰雹，葡萄受灾三十余亩，查勘后只赔了{sum}元，每亩不足两百元，与合同约定不符。\n请复核受灾面积，公开理赔标准。",
)  # fmt: skip
INTROS = (
    "本人{name}，身份证号码{id}，联系电话{phone}，系贵公司客户，保单号{policy}。",
    "我叫{name}，身份证号：{id}，手机{phone}。我的保单号码是{policy}。",
    "投诉人：{name}\n身份证号码：{id}\n联系电话：{phone}\n保单号：{policy}\n联系地址：{address}\n邮编：{postcode}",
    "投诉人{name}（身份证号{id}），现就保险合同（保险合同号{policy}）有关事宜向贵公司投诉，联系电话{phone}。",
)
TITLES = ("投诉信", "关于保险理赔的投诉", "投诉书", "情况反映", "关于要求处理保险纠纷的函", "")
SALUTATIONS = ("{org}：", "尊敬的{org}领导：", "{org}负责人：")
ENDINGS = (
    "此致\n敬礼！\n\n投诉人：{name}\n{today}",
    "特此投诉，望予处理。\n\n{name}\n{today}",
    "以上情况属实，请在法定期限内答复。联系地址：{address}，邮编{postcode}。\n\n投诉人：{name}\n日期：{today}",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Invented:
    """One letter with its truth; ``expect`` has the keys of the record."""

    text: str
    layout: Layout
    expect: Mapping[str, str]


def letter(seed: int) -> Invented:
    """A letter as one of many people would write it."""
    chance = random.Random(seed)
    told = _told(chance)
    written = _text(chance).format_map(told)
    expect = {"id_number": told["id"], "policy_number": told["policy"], "complainant_name": told["name"]}
    return Invented(text=written, layout=_layout(chance), expect={**expect, "phone": _e164(told["phone"])})


def _text(chance: random.Random) -> str:
    title, greeting = chance.choice(TITLES), chance.choice(SALUTATIONS)
    body, ending = f"{chance.choice(INTROS)}\n{chance.choice(BODIES)}", chance.choice(ENDINGS)
    return "\n".join(part for part in (title, greeting, body, ending) if part)


def _told(chance: random.Random) -> dict[str, str]:
    place, postcode = chance.choice(PLACES)
    street = f"{chance.choice(STREETS)}{chance.randint(1, 400)}号"
    born = date(1945, 1, 1) + timedelta(days=chance.randrange(21_000))
    return {
        "org": chance.choice(ORGS),
        "name": _name(chance),
        "agent": chance.choice(FAMILY) + chance.choice(("某", "经理", "某某")),
        "id": id_number(chance.choice(AREAS), born, chance.randrange(1000)),
        "phone": _phone(chance),
        "policy": _policy(chance),
        "claim": f"{chance.choice(CLAIMS)}2026{chance.randrange(10**12):012d}",
        "sum": _sum(chance),
        "day": _day(chance, TODAY - timedelta(days=chance.randint(20, 300))),
        "today": _day(chance, TODAY),
        "place": place + street,
        "address": f"{place}{street}{chance.randint(1, 30)}幢{chance.randint(1, 18)}0{chance.randint(1, 4)}室",
        "postcode": postcode,
    }


def _name(chance: random.Random) -> str:
    family = chance.choice(TWO) if chance.random() < 0.15 else chance.choice(FAMILY)
    given = chance.choice(GIVEN) + (chance.choice(GIVEN) if chance.random() < 0.6 else "")
    return family + (given[:-1] + chance.choice(RARE) if chance.random() < 0.2 else given)


def _phone(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return f"{chance.choice(LANDLINES)}{chance.randrange(10**4):04d}"
    number = mobile(chance)
    return chance.choice(
        (number, number, f"{number[:3]} {number[3:7]} {number[7:]}", f"{number[:3]}-{number[3:7]}-{number[7:]}")
    )


def _e164(phone: str) -> str:
    digits = "".join(c for c in phone if c.isdigit())
    return f"+86{digits.removeprefix('0')}"


def _policy(chance: random.Random) -> str:
    if chance.random() < 0.15:  # what print does not tell apart
        first, then = chance.choice(TRAPS), chance.choice(TRAPS)
        return f"{first}2026{chance.randrange(10**4):04d}{then}{chance.randrange(10**6):06d}"
    if chance.random() < 0.15:
        return f"{chance.randrange(1000, 9999)}-0{chance.randrange(1000):03d}-2026-{chance.randrange(10**6):06d}"
    prefix = chance.choice(POLICIES)
    return f"{prefix}2026{chance.randrange(10**12):012d}{chance.choice(('', '01', '000'))}"


def _sum(chance: random.Random) -> str:
    sum = chance.randint(200, 300_000)
    return chance.choice((f"{sum}", f"{sum:,}", f"{sum}.50", f"{sum:,}.00", f"{sum / 10_000:.2f}万"))


def _day(chance: random.Random, day: date) -> str:
    year = "".join(HAN[int(digit)] for digit in str(day.year))
    spoken = f"{year}年{_tens(day.month)}月{_tens(day.day)}日"
    plain = f"{day.year}年{day.month}月{day.day}日"
    return chance.choice((plain, plain, spoken, f"{day:%Y-%m-%d}", f"{day.year}.{day.month}.{day.day}"))


def _tens(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{HAN[tens]}十") + (HAN[ones] if ones else "")


def _layout(chance: random.Random) -> Layout:
    return Layout(
        font=chance.choice([style for style in styles() if not style.endswith("-bold")]),
        size_pt=chance.choice((10.5, 12.0, 12.0, 14.0)),
        margin_mm=chance.choice((22.0, 27.0, 32.0)),
        spacing=chance.choice((1.5, 1.7, 2.0)),
        breaks=chance.choice(("anywhere", "words")),
        numbered=chance.random() < 0.3,
        unsteady=chance.choice((0.0, 0.0, 0.0, 0.03)),
        seed=chance.randrange(1000),
    )
