"""What somebody wants is found however they put it; who only tells or judges is asked."""

from __future__ import annotations

import re
import time
from re import _compiler, _parser  # type: ignore[attr-defined]  # private, and the only way to see what re skips by

import pytest

from normalizer.extract.request import _strong, _weak, passages, requests
from normalizer.normalize import normalize
from normalizer.rulebook import rules
from normalizer.text import fold, read
from tests.normalizer.talking import said, talk


def wanted(text: str) -> str:
    found = requests(read(said(text)))
    return found.value if found else ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("钱退我！", "钱退我"), ("都三个月了，搞快点嘛，三千二打过来", "搞快点"), ("你们把这件事搞归一", "搞归一"),
        ("唔该畀返两千蚊我，唔好再拖", "畀返"), ("快D处理啦，拖咗成个月", "快D处理"), ("恁给俺退喽中不中", "中不中"),
        ("麻溜儿的，钱打我卡里", "麻溜"), ("俺就认一条，该赔多少赔多少", "该赔多少赔多少"),
        ("换人！这个专员我不认", "换人"),
        ("我不要礼品，我只要拿回本金", "只要拿回本金"), ("查查是谁卖了我的信息", "查查是谁"),
        ("材料齐了，几时赔？", "几时赔"),
        ("业务员走了没人管，误工费谁赔？", "谁赔"), ("不用解释，按合同赔", "按合同赔"), ("分期还，行不行", "行不行"),
        ("三日内答复，否则我去金监局", "三日内答复"), ("給我一個交代，盡快理賠", "盡快理賠"),
        ("Give me my money back", "money back"),
    ],
)  # fmt: skip
def test_a_demand_is_found_in_any_form_of_speech(text: str, words: str) -> None:
    assert words in wanted(text)


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉", "退保申请交了一个月没动静", "他们说赔我3000，一分没见", "客服让我等通知，等了两周",
        "补了五次材料还是不行",
        "业务员说随时可以退，我才买的", "我打电话问能不能退，客服挂了", "医院要求先交押金，我交了两万",
        "说给我补差价也没补",
        "多次要求退保被拒", "换了三个业务员都不管", "处理结果我不认可", "查了我五年的病历，说我带病投保",
        "退保扣了我一大半",
        "每个月都给我发推销短信", "打给我的钱少了五百", "续保涨了一千二，一年没出险",
    ],
)  # fmt: skip
def test_who_only_tells_what_happened_has_asked_for_nothing(text: str) -> None:
    assert wanted(text) == ""


def test_in_speech_without_marks_the_demand_is_cut_out_of_the_middle() -> None:
    text = "喂你好我上个月报的案到现在没人理你们尽快把赔款给我打过来我叫李大山电话是这个"
    assert wanted(text).startswith("你们尽快把赔款") or wanted(text).startswith("尽快把赔款")
    assert "李大山" not in wanted(text)
    assert "报的案" not in wanted(text)


def test_to_whom_it_shall_be_paid_belongs_to_the_demand() -> None:
    assert wanted("我爸人没了你们一直拖着请按合同把钱赔给我妈我叫储小满").endswith("赔给我妈")


def test_a_letter_s_list_of_demands_is_taken_whole() -> None:
    text = "我的车在贵司定损两次。诉求：\n1、按原厂件重新定损；\n2、补足差额1,980元。\n此致"
    assert all(words in wanted(text) for words in ("按原厂件重新定损", "补足差额1,980元"))


def test_a_comma_inside_a_number_does_not_cut_the_demand() -> None:
    assert wanted("看病花的都有票。1,980元请给予理赔").startswith("1,980元")


def test_what_is_told_between_two_demands_is_still_the_matter() -> None:
    text = "请尽快赔付。8月3日我的车被追尾，定损员说四万二，到现在没到账。希望给个说法"
    record = normalize(said(text))
    assert "被追尾" in record.value("matter")
    assert "matter" not in record.missing


@pytest.mark.parametrize(
    "text",
    [
        "你们服务太差了我要投诉",
        "骗子公司退钱",
        "再也不买你们保险了，退钱！",
        "太让人失望了，希望你们改进",
        "欺负老百姓，讨个公道",
    ],
)
def test_who_only_judges_is_asked_what_happened(text: str) -> None:
    assert "matter" in talk((None, text)).missing


@pytest.mark.parametrize("text", ["拒赔", "客服骂我", "多扣了300", "退保不给退", "保费乱扣。退钱"])
def test_a_word_that_is_a_fact_by_itself_is_enough(text: str) -> None:
    assert "matter" not in talk((None, text)).missing


def test_the_shipped_expressions_begin_with_a_character_so_that_most_places_are_skipped() -> None:
    for cues in (_strong(), _weak()):
        assert _compiler._get_charset_prefix(_parser.parse(cues.pattern), 0), "one begins with something else"
    assert "acts" in rules("requests")


@pytest.mark.parametrize("piece", ["给我退", "把", "::::", "要求 ", "你们能不能", "那就", "1,"])
def test_a_hostile_text_is_read_in_work_that_grows_with_its_length(piece: str) -> None:
    text = (piece * 18_000)[:18_000]
    begun = time.perf_counter()
    passages(text)
    assert time.perf_counter() - begun < 3


def test_passages_are_the_customer_s_own_words() -> None:
    text = "車壞了。請貴公司儘速理賠，並說明原因！"
    (place,) = passages(fold(text))
    assert re.sub(r"\s", "", text[slice(*place)]) == "請貴公司儘速理賠，並說明原因！"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("拖车是我自己叫的，你们把拖车费给我认了", "认了"),
        ("续保硬搭商业险，我只要交强险 其它一概不要", "只要"),
        ("理赔压了五个月，要是明天还不给钱我就去你们楼下坐着", "给钱"),
        ("大学金到期不给，麻烦现在就打给我", "打给我"),
        ("定损太低，重新来看一次吧", "重新来看"),
        ("回访都是替我点的，合同作废，保费退我", "作废"),
    ],
)
def test_a_wish_is_heard_in_other_words(text: str, wish: str) -> None:
    assert wish in normalize(said(text)).value("request")
