"""A logistic regression for each task over one vocabulary, thinned out and written in whole numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from normalizer.learned import GRAIN, pieces
from normalizer.text import fold
from tests.training.sentences import TASKS, Example

COMMON = 2  # texts in which a piece must stand to be kept
STRENGTH = {"detail": 60.0, "product": 60.0, "intent": 60.0, "danger": 60.0}  # less trust in the data: lower
EVENLY = {"detail": "balanced", "product": "balanced", "intent": "balanced"}  # danger is rare, and must be taken so
LEAST = {"detail": 2.0, "product": 2.0, "intent": 2.0, "danger": 1.0}  # weights below this are dropped


def built(examples: Sequence[Example], tasks: Sequence[str] = TASKS) -> list[str]:
    """The model as the lines that ``normalizer.learned.read`` takes: one piece a line, so that a change can be read."""
    counted = TfidfVectorizer(analyzer=pieces_of, min_df=COMMON, binary=True)
    counted.fit([one.text for one in examples])
    vocabulary = counted.get_feature_names_out()
    rows: list[list[int]] = [[round(GRAIN * value * value)] for value in counted.idf_]
    labels: list[str] = []
    bias: list[float] = []
    for task in tasks:
        taught = [one for one in examples if task in one.teaches]
        model = LogisticRegression(C=STRENGTH[task], max_iter=1000, class_weight=EVENLY.get(task))
        model.fit(counted.transform([one.text for one in taught]), [one.teaches[task] for one in taught])
        weights, intercepts = _both_sides(model)
        for name, intercept, own in zip(model.classes_, intercepts, weights * counted.idf_[None, :], strict=True):
            for place in np.flatnonzero(np.abs(own) >= LEAST[task]):
                rows[place] += [len(labels), int(np.clip(round(10 * own[place]), -127, 127))]
            labels.append(f"{task}:{name}")
            bias.append(round(float(intercept), 2))
    head = json.dumps({"labels": labels, "bias": bias}, ensure_ascii=False)
    lines = [json.dumps([str(piece), *row], ensure_ascii=False) for piece, row in zip(vocabulary, rows, strict=True)]
    return [head, *sorted(lines)]


def pieces_of(text: str) -> set[str]:
    return pieces(fold(text))


def _both_sides(model: LogisticRegression) -> tuple[Any, Any]:
    """Of two classes scikit-learn keeps the weights of the second alone."""
    if len(model.classes_) > 2:
        return model.coef_, model.intercept_
    return np.vstack([-model.coef_, model.coef_]) / 2, np.array([-model.intercept_[0], model.intercept_[0]]) / 2
