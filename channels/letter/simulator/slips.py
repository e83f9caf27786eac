"""Filling in a return slip: the answers by hand on its lines, and a signature where one is asked for."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

from channels.letter.simulator.fonts import face
from channels.letter.simulator.marks import signed
from channels.letter.simulator.paper import INK, MM_PER_INCH, POINTS_PER_INCH, Colour, Page
from channels.letter.simulator.typeset import wrapped

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

BLUE: Colour = (26, 44, 130)
POINTS, SMALLEST = 14, 7
ANSWER_MM, NAME_MM = 110.0, 40.0  # a rule at least so long is for an answer, for a name
ASK_MM = 13.0  # rules farther apart than this belong to different questions
PRINTED = 190  # what is darker is no paper
THICK = 3  # rows of pixels at most that a rule takes

Rule = tuple[int, int, int]  # row, left, right


def filled_in(picture: Image, answers: str, dpi: int) -> Page:
    """Line by line, each answer below the question whose turn it is; those left over go on the lines left over."""
    per_mm = dpi / MM_PER_INCH
    rules = _rules(picture, per_mm)
    long = list(itertools.takewhile(lambda rule: rule[2] - rule[1] >= ANSWER_MM * per_mm, rules))
    for answer, lines in _shared(answers.splitlines(), _asked(long, ASK_MM * per_mm)):
        _answer(picture, answer, lines, dpi)
    page = Page(picture=picture, dpi=(float(dpi), float(dpi)))
    return _with_name(page, rules[len(long)], per_mm) if rules[len(long) :] else page


def _rules(picture: Image, per_mm: float) -> list[Rule]:
    """The horizontal lines to write on, from top to bottom; of two side by side the left one."""
    import numpy as np

    dark, least = np.asarray(picture.convert("L")) < PRINTED, NAME_MM * per_mm
    rules: list[Rule] = []
    for row in np.flatnonzero(dark.sum(axis=1) >= least):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], dark[row].astype(np.int8), [0]))))
        run = next((run for run in zip(edges[::2], edges[1::2], strict=True) if run[1] - run[0] >= least), None)
        if run and (not rules or row - rules[-1][0] > THICK):
            rules.append((int(row), int(run[0]), int(run[1])))
    return rules


def _asked(rules: list[Rule], apart: float) -> list[list[Rule]]:
    """The rules of each question."""
    groups: list[list[Rule]] = []
    for rule in rules:
        if groups and rule[0] - groups[-1][-1][0] <= apart:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _shared(answers: list[str], groups: list[list[Rule]]) -> list[tuple[str, list[Rule]]]:
    if len(answers) <= len(groups):
        return list(zip(answers, groups, strict=False))
    rules = [rule for group in groups for rule in group]
    return [(answer, [rule]) for answer, rule in zip(answers, rules, strict=False)]


def _answer(picture: Image, answer: str, rules: list[Rule], dpi: int) -> None:
    """What is too long is written smaller, as people do."""
    for points in range(POINTS, SMALLEST - 1, -1):
        pen = face("kai", round(points * dpi / POINTS_PER_INCH))
        room = rules[0][2] - rules[0][1] - dpi / 2
        lines = wrapped(answer, room, room, pen.getlength, "anywhere")
        if len(lines) <= len(rules):
            break
    for (row, left, _), line in zip(rules, lines, strict=False):
        _by_hand(picture, (left + dpi / 8, row), line, pen)


def _by_hand(picture: Image, start: tuple[float, int], line: str, pen: FreeTypeFont) -> None:
    from PIL import ImageDraw

    chance, draw, (x, row) = random.Random(line), ImageDraw.Draw(picture), start
    for character in line:
        draw.text((x, row - chance.uniform(2, 7)), character, fill=BLUE, font=pen, anchor="ld")
        x += pen.getlength(character)


def _with_name(page: Page, rule: Rule, per_mm: float) -> Page:
    row, left, right = rule
    return signed(page, 4, ((left + right) / 2 / per_mm, row / per_mm - 5), colour=INK)
