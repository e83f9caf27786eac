"""Where a person's name begins and ends in running Chinese text."""

from __future__ import annotations

import re

from normalizer.extract.spelling import spells
from normalizer.rulebook import cached_rule, rules

HAN = "[一-鿿㐀-䶿]"
RUN = re.compile(rf"{HAN}{{1,9}}")
LONGEST = 8  # 古力娜扎艾合买提, written or said without its dot
FOREIGN_DOT = re.compile(rf"{HAN}{{2,6}}(?:[·•・‧]{HAN}{{1,8}}){{1,3}}")
LATIN = re.compile(r"[A-Z][a-z'-]+(?: [A-Z]\.)?(?: [A-Z][a-z'-]+){1,2}")
SPACED = re.compile(rf"{HAN}[ 　]{{1,4}}({HAN})(?!{HAN})")
DOTS = frozenset("·•・‧")
BOUNDARY, FOLLOWED, RUNS_ON = 3, 2, 1
FITS = {BOUNDARY: 6, FOLLOWED: 4, RUNS_ON: 0}  # what speaks for a length, against given-name characters at 1 each
SYLLABLES = 3  # as many foreign syllables in a row are a name whatever they begin with
USUAL = 3  # characters of most names
REPEATED = 6
NOBODY = re.compile(  # 我是法国人, 丈夫：那长顺，七十岁
    r"[一二三四五六七八九十百]{1,4}[多几来]?(?:岁|年级)|[中美英法德韩泰俄外本]国人|[一-鿿]{1,2}族(?:人|$)|[一-鿿]{2}籍"
    r"|(?:日本|加拿大|俄罗斯|马来西亚|新加坡|越南|意大利|澳大利亚|西班牙|葡萄牙|荷兰|印度|巴西|朝鲜|蒙古|欧洲|非洲|美洲|亚洲)(?:籍|人)"
)
SHOWS = "个些样么时天里边位种次年月日我你他她是不就家张份笔段儿"  # 那个, 那天: 那 is no surname
NICK = "小老阿"
MONEY = "钱"  # ends no name, but 赵钱孙 is one


@cached_rule
def _surnames() -> frozenset[str]:
    return frozenset(rules("names")["surnames"])


@cached_rule
def _rare() -> frozenset[str]:
    return frozenset(rules("names")["rare"])


@cached_rule
def _compound() -> frozenset[str]:
    return frozenset(rules("names")["compound"])


@cached_rule
def _syllables() -> re.Pattern[str]:
    return re.compile(f"[{rules('names')['syllables']}]{{1,{LONGEST}}}")


@cached_rule
def _words(name: str) -> tuple[frozenset[str], tuple[int, ...]]:
    """The words and their lengths, the longest first."""
    words = frozenset(rules("names")[name])
    return words, tuple(sorted({len(word) for word in words}, reverse=True))


def _length_of(name: str, text: str, start: int = 0) -> int:
    """Of the longest of these words at a place; 0 when none stands there. A few slices are looked up in a third of the
    time in which a pattern tries hundreds of words."""
    words, lengths = _words(name)
    for length in lengths:
        if (part := text[start : start + length]) in words:
            return len(part)
    return 0


@cached_rule
def _set(name: str) -> frozenset[str]:
    return frozenset(rules("names")[name])


def name_at(text: str, start: int, *, sure: bool = False) -> tuple[int, int]:
    """(end, sureness) of the name that begins at ``start``; (0, 0) when none does. Sureness: 3 closed, 2 followed by
    a word that follows names, 1 cut by guess. Where a name is ``sure`` to stand it needs no known surname and may be
    a word (文静, 万里)."""
    run = RUN.match(text, start)
    if run is None:
        latin = LATIN.match(text, start)
        return (latin.end(), BOUNDARY) if latin else (0, 0)
    word = run[0]
    dotted = text[run.end() : run.end() + 1] in DOTS and word[0] not in _set("grammar")
    if dotted and (foreign := FOREIGN_DOT.match(text, start)):
        return foreign.end(), BOUNDARY
    family = family_of(word) or int(sure and is_na(word))
    if spaced := _spaced(text, start) if family == 1 else 0:
        return spaced, BOUNDARY
    if len(word) < 2 or _is_none(word, family, sure=sure):
        return 0, 0
    end, sureness = _cut(text, start, word, family, sure=sure)
    if not family and not _believed(text[start:end], word, sureness, sure=sure):
        return 0, 0
    return end, sureness


def family_of(word: str) -> int:
    """How many characters of a word are a surname that seldom is anything else."""
    if word[:2] in _compound():
        return 2
    return 1 if word[:1] in _surnames() else 0


def is_foreign(word: str) -> bool:
    """Whether it is made of the syllables in which Uyghur, Tibetan, Mongol, Yi and Kazakh names are written."""
    return bool(_syllables().fullmatch(word))


def is_word(word: str) -> bool:
    """Whether it begins like a name and is none: 高度, 解决. 盛世豪 and 钱多多 are names all the same."""
    length = _length_of("not_names", word)
    return length > 0 and not (
        length == 2 and (word[1:2] == word[2:3] or (len(word) == USUAL and word[-1] in _set("given")))
    )


def is_both(word: str) -> bool:
    """Whether it is a word by which people are called, too: 简单, 舒服."""
    return word in _words("also_names")[0]


def is_odd(word: str) -> bool:
    """任我行: a character of grammar within, where neither the first nor the last is one."""
    given = word[family_of(word) :]
    inner = _count(given, _set("grammar")) == 1 and given[-1:] not in _set("grammar")
    return inner and word[0] not in _set("doubtful") and _set("business").isdisjoint(given)


def unlikely(word: str) -> bool:
    """Whether it holds a character of business (款, 电) or of grammar (了, 的); of what follows a surname, less is."""
    family = family_of(word)
    barred = ("grammar", "business") if family else ("never", "unlikely")
    given = word[family or word[0] in _rare() :]
    return word[-1] == MONEY or not (_set(barred[0]).isdisjoint(given) and _set(barred[1]).isdisjoint(given))


def _is_none(word: str, family: int, *, sure: bool) -> bool:
    if _length_of("titles", word, family or 1) or (word[0] in NICK and len(word) == 2) or NOBODY.match(word):
        return True
    if sure:
        called = _length_of("called", word)
        return (word[0] in _set("grammar") and not is_na(word)) or bool(called and (not family or called == len(word)))
    return word in _words("identities")[0] or is_word(word)


def is_na(word: str) -> bool:
    """那长顺, 那英: the Manchu surname, where nothing but a name can stand."""
    return word[0] == "那" and 2 <= len(word) <= USUAL and word[1] not in SHOWS


def _believed(name: str, word: str, sureness: int, *, sure: bool) -> bool:
    """A name without a known surname."""
    if is_foreign(name) and len(name) >= (2 if sure else SYLLABLES):
        return sure or sureness >= FOLLOWED
    if sure:
        return sureness >= FOLLOWED and not unlikely(name)
    closed = sureness == BOUNDARY and name == word and len(word) <= USUAL
    return closed and word[0] in _rare() and not unlikely(word)


def _spaced(text: str, start: int) -> int:
    """王  敏, as letters and forms space two-character names."""
    match = SPACED.match(text, start)
    return match.end() if match and match[1] not in _set("never") else 0


def _cut(text: str, start: int, word: str, family: int, *, sure: bool) -> tuple[int, int]:
    """The likeliest length: by what follows it, and by the characters it would hold."""
    usual = (family or 1) + 1
    lengths = {usual, usual + 1, 4}
    if foreign := _syllables().match(word):
        lengths.add(foreign.end())
    best: tuple[int, int, int] | None = None  # fitness, shortness, sureness
    for length in lengths:
        if not 2 <= length <= len(word):
            continue
        sureness = _sureness(text, start, start + length)
        fit = _fitness(text, start, word, length, family, sureness, sure=sure)
        if fit is not None and (best is None or (fit, -length) > best[:2]):
            best = fit, -length, sureness
    return (start - best[1], best[2]) if best else (0, 0)


def _fitness(text: str, start: int, word: str, length: int, family: int, sureness: int, *, sure: bool) -> int | None:
    """How well the first ``length`` characters make a name; None when they cannot."""
    given, name = word[family or 1 : length], word[:length]
    fit = FITS[sureness] + _count(given, _set("given"))
    if length > USUAL and is_foreign(name):
        ends_wrong = sureness != BOUNDARY and name[-1] in _set("particles")
        return fit + (1 if family else length - 2) - 4 * ends_wrong
    whole = sureness == BOUNDARY and length <= 4
    barred = _set("grammar" if sure else "never")
    if family == 2 and word[0] in given:
        fit -= REPEATED  # 第五鸣|第一第二那个第五
    if family == 2 and word[0] in given:
        fit -= REPEATED  # 第五鸣|第一第二那个第五
    odd = sure and whole and family > 0 and is_odd(name)
    if not (odd or barred.isdisjoint(name if whole and word[0] != "那" else given)) or name[-1] == MONEY:
        return None
    if not _set("business").isdisjoint(given):
        return None
    if not whole and text.startswith(name, start + length):
        return fit + REPEATED  # 白雪|白雪公主的白雪
    if not whole and not spells(text, start, start + length):
        fit -= 4 * _count(given, _set("particles"))
    excess = length - (family or 1) - 2  # 欧阳建国 and 王建国 are usual, 王敏 a little less
    return fit + (1 if excess == 0 else 0 if excess < 0 else -4 * excess)


def _count(characters: str, listed: frozenset[str]) -> int:
    number = 0
    for one in characters:  # a sum over a generator takes twice as long, and this stands in the inmost loop
        number += one in listed
    return number


def _sureness(text: str, start: int, end: int) -> int:
    if not _is_han(text[end : end + 1]):
        return BOUNDARY
    if _length_of("followers", text, end) or spells(text, start, end):
        return FOLLOWED
    return RUNS_ON


def _is_han(character: str) -> bool:
    return "一" <= character <= "鿿" or "㐀" <= character <= "䶿"
