"""What people put in beside their letter: copies of cards, invoices, policies and chats, with invented data only."""

from __future__ import annotations

from collections.abc import Sequence

from channels.letter.simulator.codes import qr
from channels.letter.simulator.invented import Person, somebody
from channels.letter.simulator.marks import sealed
from channels.letter.simulator.paper import A4, INK, Canvas, Colour, Page
from channels.letter.simulator.scanner import bleed_through, scanned
from channels.letter.simulator.typeset import wrapped

CARD = (85.6, 54.0)  # mm, ISO 7810 ID-1
TINT: Colour = (214, 230, 240)
BROWN: Colour = (140, 72, 40)
GREEN: Colour = (150, 236, 106)
GREY: Colour = (120, 120, 124)
CLAUSES = (
    "第一条 本保险合同由保险条款、投保单、保险单、批单和特别约定组成。凡涉及本保险合同的约定，均应采用书面形式。",
    "第二条 保险期间内，被保险人或其允许的合法驾驶人在使用被保险机动车过程中发生意外事故，"
    "依法应当承担的损害赔偿责任，保险人依照本合同的约定负责赔偿。",
    "第三条 下列情况下，不论任何原因造成的损失，保险人均不负责赔偿：（一）地震及其次生灾害；"
    "（二）战争、军事冲突、恐怖活动、暴乱。",
    "第四条 保险人收到被保险人的赔偿请求后，应当及时作出核定；情形复杂的，应当在三十日内作出核定。",
)
CHAT = (
    ("她", "您好，这款产品保本保息，年化4.5%，随时可以取。"),
    ("我", "确定和存款一样吗？提前取要不要扣钱？"),
    ("她", "放心吧王阿姨，我自己也买了，和存定期一样的。"),
    ("我", "那我先买五万。"),
    ("她", "好的，您把身份证拍一下发我，我帮您操作。"),
)


def id_card_copy(person: Person | None = None) -> Page:
    """Both sides of a second-generation ID card, copied on one sheet."""
    whose = person or somebody(1)
    page = Canvas(font="sans")
    _face_of_card(page, whose, (A4[0] - CARD[0]) / 2, 60)
    _back_of_card(page, whose, (A4[0] - CARD[0]) / 2, 135)
    page.centre(A4[0] / 2, 205, "仅限办理保险投诉使用，再次复印无效", 12)
    return page.page()


def _face_of_card(page: Canvas, person: Person, x: float, y: float) -> None:
    _card(page, x, y)
    born = f"{person.born.year} 年 {person.born.month} 月 {person.born.day} 日"
    sex = "女" if person.woman else "男"
    for row, (label, said) in enumerate((("姓名", person.name), ("性别", f"{sex}    民族  汉"), ("出生", born))):
        page.write(x + 5, y + 6 + row * 7, label, 7, colour=(60, 110, 160))
        page.write(x + 15, y + 5.7 + row * 7, said, 8)
    page.write(x + 5, y + 27, "住址", 7, colour=(60, 110, 160))
    for row, line in enumerate(_lines(page, person.address, 40, 7.5)):
        page.write(x + 15, y + 27 + row * 4, line, 7.5)
    page.write(x + 5, y + 45, "公民身份号码", 7, colour=(60, 110, 160))
    page.write(x + 29, y + 44.6, person.id_number, 9)
    _portrait(page, x + 60, y + 8)


def _back_of_card(page: Canvas, person: Person, x: float, y: float) -> None:
    _card(page, x, y)
    page.ellipse((x + 14, y + 13), (7.5, 7.5), fill=(200, 60, 50))
    page.centre(x + 52, y + 8, "中华人民共和国", 13, font="serif-bold")
    page.centre(x + 52, y + 17, "居民身份证", 16, font="serif-bold")
    page.write(x + 16, y + 38, f"签发机关  {person.address[3:6]}公安局", 7.5)
    page.write(x + 16, y + 44, "有效期限  2016.05.12-2036.05.12", 7.5)


def _card(page: Canvas, x: float, y: float) -> None:
    page.box((x, y), (x + CARD[0], y + CARD[1]), fill=TINT, colour=GREY, round_mm=3)


def _portrait(page: Canvas, x: float, y: float) -> None:
    page.box((x, y), (x + 21, y + 27), fill=(236, 238, 240), colour=None)
    page.ellipse((x + 10.5, y + 22), (8.5, 8.5), fill=(70, 78, 96))
    page.box((x, y + 27), (x + 21, y + 31), fill=TINT, colour=None)
    page.ellipse((x + 10.5, y + 10.6), (5.2, 6.2), fill=(226, 196, 172))
    page.box((x + 5.6, y + 4), (x + 15.4, y + 8), fill=(44, 40, 40), colour=None, round_mm=2)


def invoice(buyer: Person | None = None, seller: str = "苏州市青禾汽车维修有限公司", yuan: float = 18640.5) -> Page:
    """An electronic VAT invoice, printed: code, number, parties, one line of goods, the sum in words."""
    whose, net = buyer or somebody(2), round(yuan / 1.13, 2)
    page = Canvas(font="serif")
    page.centre(A4[0] / 2, 22, "江苏增值税电子普通发票", 18, colour=BROWN)
    page.line((65, 31), (145, 31), 0.4, BROWN)
    page.paste(qr("01,10,032002600111,48210937,16496.02,20261018,07312946183250117784,8C21"), 16, 16, 20)
    _invoice_head(page)
    _invoice_grid(page)
    page.write(24, 48, f"购  名称：{whose.name}", 9)
    page.write(24, 54, "买  纳税人识别号：", 9)
    page.write(24, 60, f"方  地址、电话：{whose.address} {whose.phone}", 9)
    _invoice_rows(page, net, yuan)
    page.write(24, 124, f"销  名称：{seller}", 9)
    page.write(24, 130, "售  纳税人识别号：91320508MA1X7K2R4P", 9)
    page.write(24, 136, "方  开户行及账号：苏州银行平江支行 706612010058820031745", 9)
    page.write(24, 146, "收款人：周敏      复核：何伟      开票人：吴倩      销售方：（章）", 9)
    return sealed(page.page(), seller, (162, 139))


def _invoice_head(page: Canvas) -> None:
    facts = (
        "发票代码：032002600111",
        "发票号码：48210937",
        "开票日期：2026年10月18日",
        "校 验 码：07312 94618 32501 17784",
    )
    for row, fact in enumerate(facts):
        page.write(148, 18 + row * 6, fact, 8)


def _invoice_grid(page: Canvas) -> None:
    page.box((20, 45), (190, 143), colour=BROWN, mm=0.3)
    for y in (68, 75, 105, 112, 120):
        page.line((20, y), (190, y), 0.2, BROWN)
    for x in (72, 90, 104, 122, 146, 160):
        page.line((x, 68), (x, 112), 0.2, BROWN)


def _invoice_rows(page: Canvas, net: float, gross: float) -> None:
    heads = ("货物或应税劳务、服务名称", "规格型号", "单位", "数量", "金额", "税率", "税额")
    told = ("*劳务*汽车维修费", "", "次", "1", f"{net:.2f}", "13%", f"{gross - net:.2f}")
    for x, head, said in zip((22, 74, 92, 106, 124, 148, 162), heads, told, strict=True):
        page.write(x, 69.5, head, 8, colour=BROWN)
        page.write(x, 77, said, 9)
    page.write(22, 106.5, "合    计", 9)
    page.write(124, 106.5, f"¥{net:.2f}", 9)
    page.write(162, 106.5, f"¥{gross - net:.2f}", 9)
    page.write(22, 113.5, "价税合计（大写）  壹万捌仟陆佰肆拾圆伍角整" if gross == 18640.5 else "价税合计", 9)
    page.write(140, 113.5, f"（小写）¥{gross:.2f}", 9)


def policy_page(policy_number: str = "PDAA202641010000100005", insured: Person | None = None) -> Page:
    """The first page of a motor policy: number, insured, sums, clauses in small print, the insurer's seal."""
    whose = insured or somebody(3)
    page = Canvas(font="sans")
    page.centre(A4[0] / 2, 20, "青湖财产保险股份有限公司", 13)
    page.centre(A4[0] / 2, 28, "机动车商业保险保险单（正本）", 17, font="sans-bold")
    page.write(20, 42, f"保险单号：{policy_number}", 11)
    facts = (
        ("投保人", whose.name), ("被保险人", whose.name), ("证件号码", whose.id_number), ("联系电话", whose.phone),
        ("号牌号码", "苏E12345"), ("保险期间", "自2026年1月10日0时起至2027年1月9日24时止"),
        ("机动车损失保险", "保险金额 156,800.00 元    保险费 2,316.40 元"),
        ("第三者责任保险", "责任限额 2,000,000.00 元    保险费 1,208.75 元"), ("保险费合计", "¥3,525.15"),
    )  # fmt: skip
    for row, (label, said) in enumerate(facts):
        y = 52 + row * 9
        page.box((20, y), (190, y + 9))
        page.line((58, y), (58, y + 9))
        page.write(23, y + 2.2, label, 10)
        page.write(61, y + 2.2, said, 10)
    _clauses(page, 140)
    return sealed(page.page(), "青湖财产保险股份有限公司", (155, 240))


def _clauses(page: Canvas, y: float) -> None:
    page.write(20, y, "保险条款（节选）", 10, font="sans-bold")
    for line in [line for clause in CLAUSES for line in _lines(page, clause, 168, 8)]:
        y += 5
        page.write(20, y + 2, line, 8)


def chat_print(messages: Sequence[tuple[str, str]] = CHAT) -> Page:
    """A talk on a telephone, its screenshot printed: who (我 on the right), and what they said."""
    page, y = Canvas(font="sans"), 48.0
    page.box((50, 18), (160, 280), fill=(237, 237, 237), colour=GREY)
    page.centre(105, 23, "李经理（青湖人寿）", 12)
    page.centre(105, 36, "10月18日 下午3:26", 8, colour=GREY)
    for who, said in messages:
        lines = _lines(page, said, 66, 10)
        _bubble(page, who == "我", lines, y)
        y += len(lines) * 6 + 10
    return page.page()


def _bubble(page: Canvas, mine: bool, lines: Sequence[str], y: float) -> None:
    wide = max(page.width(line, 10) for line in lines) + 8
    x = 144 - wide if mine else 66
    page.box((147, y) if mine else (54, y), (156, y + 9) if mine else (63, y + 9), fill=(120, 150, 190), colour=None)
    page.box(
        (x, y), (x + wide, y + len(lines) * 6 + 4), fill=GREEN if mine else (255, 255, 255), colour=None, round_mm=2
    )
    for row, line in enumerate(lines):
        page.write(x + 4, y + 2 + row * 6, line, 10, colour=INK)


def blank(back: Page | None = None) -> Page:
    """An empty sheet; ``back``: what shines through from its other side."""
    empty = Canvas().page()
    return scanned([empty], (bleed_through(back),))[0] if back else empty


def _lines(page: Canvas, text: str, width: float, points: float) -> list[str]:
    return wrapped(text, width, width, lambda words: page.width(words, points), "anywhere")
