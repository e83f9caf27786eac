"""Numbers that are taken back in the same breath: 幺八九…，哦不对，是幺八九…: what is said last counts."""

from __future__ import annotations

import re

from normalizer.extract.grammars import grammar_of
from normalizer.extract.numerals import DIGITS, spoken_digits
from normalizer.extract.runs import Run, id_is_valid, mobile

MARK = r"[\s，,。.、!;…-]"
PAUSE = (
    rf"{MARK}|哦|噢|喔|啊|呀|呃|额|嗯|诶|哎|唉|那个|这个|对不起|不好意思|抱歉|等一?[下等]|稍等|刚[才刚]|我|的|了|sorry"
)
TAKEN_BACK = (  # 138…，不是139… disowns the number that follows: 不是 takes back only before a mark, a sound, a 是
    r"(?:不对|不是(?=[，,。、!]|是|不是|啊|哦|呃|我)|不正确|错[了咗]|[说讲报念弄搞记]错|唔[系啱]|更正|纠正|改(?:一下|正)"
    r"|重新?[来说报讲]|\b(?:wrong|correction|no)\b)"
)
LABEL = (
    r"应该|好像|重新|再|[说讲报念]|是|为|系|电话|手机|号码|号|保单|赔案|报案|身份证|尾数?|最后|后面"
    r"|末?[后末尾]?[两二三四五六2-6]位数?|一下"
)
BETWEEN = re.compile(rf"(?:{PAUSE}|说)*+{TAKEN_BACK}(?:{TAKEN_BACK}|{PAUSE}|{LABEL})*+", re.I)
SAID = "".join(DIGITS)
TAIL = re.compile(
    rf"{BETWEEN.pattern}(?P<tail>[{SAID}0-9](?:[ ，,、]?[{SAID}0-9]){{1,5}})(?![{SAID}0-9十百千万块元点年月天个])",
    re.I,
)
AFTER = re.compile(rf"{TAKEN_BACK}(?:{TAKEN_BACK}|{PAUSE}|是)*+", re.I)
HINT = re.compile(r"[错对]|不是|更正|纠正|重新?[来说报讲]|改[一正]|唔|wrong|correction|no\b", re.I)
LONGEST = 40  # characters between a number and the one that takes its place


def corrected(text: str, runs: list[Run]) -> list[Run]:
    """The runs without those that the next one takes the place of; a corrected end is put in its place."""
    if not runs or not HINT.search(text, runs[0].end):
        return runs
    kept: list[Run] = []
    for run, following in zip(runs, [*runs[1:], None], strict=True):
        label = kept.pop().label if kept and _takes_back(text, kept[-1], run) else ""
        named = run._replace(label=label) if label and not run.label else run
        kept.append(named if following and _takes_back(text, run, following) else _with_new_end(text, named))
    return kept


def after_correction(text: str) -> tuple[str, str]:
    """(what was said before it was taken back, what was said then); the second is empty when nothing was."""
    found = list(AFTER.finditer(text))
    return (text[: found[-1].start()], text[found[-1].end() :]) if found else (text, "")


def _takes_back(text: str, run: Run, following: Run) -> bool:
    gap = following.start - run.end
    return 0 < gap <= LONGEST and bool(BETWEEN.fullmatch(text, run.end, following.start))


def _with_new_end(text: str, run: Run) -> Run:
    """…三五，不对，是三六: the last digits said again, where the whole is still such a number."""
    match = TAIL.match(text, run.end)
    if match is None:
        return run
    tail = spoken_digits(match["tail"])
    value = run.value[: len(run.value) - len(tail)] + tail
    same = len(value) == len(run.value) and _kind(value) == _kind(run.value)
    return run._replace(value=value, end=match.end()) if same else run


def _kind(value: str) -> str:
    if mobile().fullmatch(value):
        return "phone"
    return "id_number" if id_is_valid(value) else grammar_of(value) or "other"
