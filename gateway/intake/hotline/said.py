"""What callers say about the call itself. Every pattern is bounded: recognisers deliver a hum as a hundred letters."""

from __future__ import annotations

import re

LONGEST = 40  # characters: longer words tell more than this
MERE_REFUSAL = 6  # characters beside a refusal that tell nothing more: 我…，谢谢

AGAINST_RECORDING = re.compile(
    r"(?:不(?:同意|要|想|愿意|愿|许|能|可以|接受|让|希望|准)|拒绝|停止|关掉|取消|别)(?:被|给我|对我|你们|再|进行){0,2}录音"
    r"|\b(?:do(?:n't| not)|no|not|stop|without)[a-z ]{0,30}record(?:ing|ed)?",
    re.IGNORECASE,
)
PLEASE = r"(?:i )?(?:want |prefer |speak |in |do you speak )?"
WANTED = r"(?:请|麻烦)?我?(?:要|想)?(?:说|讲|用|转)?"
ENGLISH = re.compile(rf"\W*(?:{WANTED}英[文语語](?:服务|服務)?|{PLEASE}english(?: please)?)\W*", re.IGNORECASE)
CHINESE = re.compile(
    rf"\W*(?:{WANTED}(?:中文|普通话|国语|汉语)(?:服务)?|{PLEASE}(?:chinese|mandarin)(?: please)?)\W*", re.IGNORECASE
)
SAY_AGAIN = (
    r"(?:请|麻烦)?(?:您|你)?(?:能不能|能|可以)?再?[说說念讲講报報](?:一遍|一次|一下|慢一?点|清楚点|什么|啥)(?:吗|吧|啊|好吗)?",
    r"我?(?:[没沒]有?[听聽](?:清楚?|见|懂)?|[听聽]不(?:清楚?|见|懂))",
    r"重[复複](?:一遍|一次|一下)?",
    r"(?:慢|大声)一?点",
    r"什么|啥",
    r"(?:please )?(?:say (?:it |that )?again|repeat(?: that| it)?|once more|pardon(?: me)?|what|sorry)(?: please)?",
)
AGAIN = re.compile(rf"\W*(?:(?:{'|'.join(SAY_AGAIN)})[，,。？?！! ]{{0,3}}){{1,3}}", re.IGNORECASE)
GO_ON = re.compile(r"接着|继续|上次|刚才|go on|continue", re.IGNORECASE)
FAREWELLS = (
    r"没有?(?:别的|其他)?(?:事|问题)?|沒有?(?:別的)?(?:事)?|不用|好的?|再见|再見|拜拜|谢谢您?|謝謝您?|麻烦您?|就这样|行|嗯|可以",
    r"知道|记下|记住|no(?!thing)|okay|ok|(?:good ?)?bye|thank you(?: very much)?|thanks?",
    r"that(?:'?s| is) all|nothing(?: else)?",
)
FAREWELL = re.compile(rf"(?>(?>{'|'.join(FAREWELLS)})[了啊吧的。，,.! ]*+)++", re.IGNORECASE)


def language_wanted(text: str) -> str:
    """The language that these words, and nothing but them, ask for; empty when they do not."""
    if len(text) > LONGEST:
        return ""
    if ENGLISH.fullmatch(text):
        return "en"
    return "zh-Hans" if CHINESE.fullmatch(text) else ""


def refuses_recording(text: str) -> bool:
    return bool(AGAINST_RECORDING.search(text))


def only_refuses(text: str) -> bool:
    """Is nothing told beside the refusal?"""
    return len(AGAINST_RECORDING.sub("", text)) <= MERE_REFUSAL


def wants_it_again(text: str) -> bool:
    """再说一遍，没听清: the question was not heard."""
    return len(text) <= LONGEST and bool(AGAIN.fullmatch(text))


def goes_on(text: str) -> bool:
    """接着说, about a call that broke off."""
    return len(text) <= LONGEST and bool(GO_ON.search(text))


def says_farewell(text: str) -> bool:
    return len(text) <= LONGEST and bool(FAREWELL.fullmatch(text.strip()))
