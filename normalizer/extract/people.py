"""Where a person's name begins and ends in running Chinese text."""

from __future__ import annotations

import re

from normalizer.rulebook import cached_rule, rules

HAN = "[一-鿿㐀-䶿]"
RUN = re.compile(rf"{HAN}{{1,9}}")
LONGEST = 8  # 古力娜扎艾合买提, written or said without its dot
FOREIGN_DOT = re.compile(rf"{HAN}{{2,6}}(?:[·•・‧]{HAN}{{1,8}}){{1,3}}")
LATIN = re.compile(r"[A-Z][a-z'-]+(?: [A-Z]\.)?(?: [A-Z][a-z'-]+){1,2}")
EXPLAINED = re.compile(rf"({HAN}{{2,5}}?)的({HAN}{{1,2}})")
SPACED = re.compile(rf"{HAN}[ 　]{{1,4}}({HAN})(?!{HAN})")
EDGE = re.compile(rf"$|(?!{HAN})")
BOUNDARY, FOLLOWED, RUNS_ON = 3, 2, 1
FITS = {BOUNDARY: 6, FOLLOWED: 4, RUNS_ON: 0}  # what speaks for a length, against given-name characters at 1 each
SYLLABLES = 4  # as many foreign syllables in a row are a name whatever they begin with
NICK = "小老阿"


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
def _words(name: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(rules("names")[name], key=len, reverse=True))))


@cached_rule
def _set(name: str) -> frozenset[str]:
    return frozenset(rules("names")[name])


def name_at(text: str, start: int, *, sure: bool = False) -> tuple[int, int]:
    """(end, sureness) of the name that begins at ``start``; (0, 0) when none does. Sureness: 3 closed, 2 followed by
    a word that follows names, 1 cut by guess. Where a name is ``sure`` to stand it needs no known surname and may be
    a word (文静, 万里)."""
    foreign = FOREIGN_DOT.match(text, start) or LATIN.match(text, start)
    if foreign:
        return foreign.end(), BOUNDARY
    run = RUN.match(text, start)
    if run is None:
        return 0, 0
    family = family_of(run[0])
    if spaced := _spaced(text, start) if family == 1 else 0:
        return spaced, BOUNDARY
    if len(run[0]) < 2 or _is_none(run[0], family, sure=sure):
        return 0, 0
    end, sureness = _cut(text, start, run[0], family)
    if not family and not _believed(text[start:end], run[0], sureness, sure=sure):
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
    """Whether it begins like a name and is none: 高度, 解决. 盛世豪 and 安心妍 are names all the same."""
    match = _words("not_names").match(word)
    return bool(match) and not (match and match.end() == len(word) - 1 == 2 and word[-1] in _set("given"))


def unlikely(word: str) -> bool:
    """Whether it holds a character of business (款, 电) or of grammar (了, 的), which names do without."""
    return not _set("never").isdisjoint(word) or not _set("unlikely").isdisjoint(word)


def _is_none(word: str, family: int, *, sure: bool) -> bool:
    if _words("titles").match(word, family or 1) or (word[0] in NICK and len(word) == 2):
        return True
    if sure:
        called = _words("called").match(word)
        return word[0] in _set("never") or bool(called and (not family or called.end() == len(word)))
    return _words("identities").fullmatch(word) is not None or is_word(word[:3])


def _believed(name: str, word: str, sureness: int, *, sure: bool) -> bool:
    """A name without a known surname."""
    if is_foreign(name) and len(name) >= (2 if sure else SYLLABLES):
        return sure or sureness >= FOLLOWED
    if sure:
        return sureness >= FOLLOWED and not (sureness == FOLLOWED and unlikely(name))
    return sureness == BOUNDARY and name == word and word[0] in _rare() and not unlikely(word)


def _spaced(text: str, start: int) -> int:
    """王  敏, as letters and forms space two-character names."""
    match = SPACED.match(text, start)
    return match.end() if match and match[1] not in _set("never") else 0


def _cut(text: str, start: int, word: str, family: int) -> tuple[int, int]:
    """The likeliest length: by what follows it, and by the characters it would hold."""
    usual = (family or 1) + 1
    lengths = {usual, usual + 1, 4}
    if foreign := _syllables().match(word):
        lengths.add(foreign.end())
    options = [
        (_fitness(text, start, word, length, family), -length) for length in lengths if 2 <= length <= len(word)
    ]
    possible = [option for option in options if option[0] is not None]
    if not possible:
        return 0, 0
    length = -max(possible, key=lambda option: (option[0] or 0, option[1]))[1]
    return start + length, _sureness(text, start, start + length)


def _fitness(text: str, start: int, word: str, length: int, family: int) -> int | None:
    given, name = word[family or 1 : length], word[:length]
    sureness = _sureness(text, start, start + length)
    whole = sureness == BOUNDARY and length == len(word)
    if not _set("never").isdisjoint(given) and not (whole and length <= 4 and _set("grammar").isdisjoint(name)):
        return None
    fit = FITS[sureness] + sum(one in _set("given") for one in given)
    fit -= 4 * sum(one in _set("particles") for one in given)
    if length >= SYLLABLES and is_foreign(name):
        return fit + (1 if family else length)
    excess = length - (family or 1) - 2  # 欧阳建国 and 王建国 are usual, 王敏 a little less
    return fit + (1 if excess == 0 else 0 if excess < 0 else -4 * excess)


def _sureness(text: str, start: int, end: int) -> int:
    if EDGE.match(text, end):
        return BOUNDARY
    if _words("followers").match(text, end) or _explains(text, start, end):
        return FOLLOWED
    return RUNS_ON


def _explains(text: str, start: int, end: int) -> bool:
    """文静|文化的文, 向前|向前走的向前, 刀玉兰|西双版纳的刀: what follows spells the name."""
    match = EXPLAINED.match(text, end)
    if match is None:
        return False
    name, spelt = text[start:end], match[2] if match[2] in match[1] else match[2][0]
    return spelt in name and (spelt in match[1] or spelt == name[0])


def is_explanation(clause: str) -> bool:
    """人可何, 弓长张, 建设的建, 拂晓的晓."""
    match = EXPLAINED.search(clause)
    return clause in rules("names")["explained"] or bool(match and match[2][0] in match[1])
