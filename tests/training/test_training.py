"""The model in the tree is the one that the sentences in the tree make.

Its origin proves it in a second. ``TOUSU_TRAIN_ANEW=1`` makes the whole fit again, in a minute.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from normalizer.learned import leading
from normalizer.rulebook import rules
from normalizer.text import fold
from tests.eval.cases import CASES
from tests.training.__main__ import MODEL
from tests.training.build import built
from tests.training.origin import ORIGIN, origin_of
from tests.training.sentences import sentences

ANEW = "TOUSU_TRAIN_ANEW"
NEAR = 2  # tenths by which a weight may differ where another processor rounds otherwise


def test_the_model_was_made_of_these_sentences_and_was_not_touched_since() -> None:
    """Sentences, how they are cut into pieces, the fit and its result: whoever changes one has to train."""
    kept = json.loads(ORIGIN.read_text(encoding="utf-8"))
    assert kept == origin_of(sentences(), MODEL.read_text(encoding="utf-8")), "run python -m tests.training"


@pytest.mark.skipif(not os.environ.get(ANEW), reason=f"its origin is compared instead; {ANEW}=1 fits the model anew")
def test_the_same_sentences_make_the_same_model() -> None:
    anew = [json.loads(line) for line in built(sentences())]
    kept = [json.loads(line) for line in MODEL.read_text(encoding="utf-8").splitlines()]
    assert kept[0]["labels"] == anew[0]["labels"]
    assert [row[0] for row in kept[1:]] == [row[0] for row in anew[1:]]
    changed = [a[0] for a, b in zip(kept[1:], anew[1:], strict=True) if not _near(_says(a), _says(b))]
    assert not changed, f"{len(changed)} pieces differ: run python -m tests.training"


def _says(row: list[Any]) -> dict[int, int]:
    return dict(zip(row[2::2], row[3::2], strict=True))


def _near(a: dict[int, int], b: dict[int, int]) -> bool:
    """A weight at the edge of being dropped may be here and not there."""
    edge = 15 + NEAR
    return all(abs(a.get(k, 0) - b.get(k, 0)) <= NEAR or max(abs(a.get(k, 0)), abs(b.get(k, 0))) <= edge for k in a | b)


def test_every_cause_and_product_that_is_taught_is_one_of_the_rules() -> None:
    taught = [one.teaches for one in sentences()]
    causes = {detail["code"] for detail in rules("categories")["detail"]} | {"C9904", "C9905"}
    products = {product["code"] for product in rules("products")["product"]} | {"none", "P07", "P99", "L99"}
    assert {one["detail"] for one in taught if "detail" in one} <= causes
    assert {one["product"] for one in taught if "product" in one} <= products


def test_no_case_that_is_kept_unseen_teaches() -> None:
    files = (CASES / "normalizer").glob("unseen-*.jsonl")
    unseen = {json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()}
    assert not unseen & {one.text for one in sentences()}


def test_ordinary_words_without_any_cue_word_tell_the_cause() -> None:
    told = "住院的单子交上去快两个月了，钱一直没个影，打电话就是让我等"
    assert leading("detail", fold(told), {})[0][0] == "C0103"
