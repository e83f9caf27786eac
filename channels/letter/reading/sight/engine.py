"""The one wrapper of RapidOCR: where lines are, and what a line says."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files
from itertools import pairwise
from statistics import median
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from channels.letter.reading.pixels import Quad, clockwise, coloured, picture_of
from channels.letter.reading.values import Picture

FINDER = "PP-OCRv6_det_small.onnx"
READER = "PP-OCRv6_rec_small.onnx"
HEIGHT = 48  # of a line as the recogniser wants it
NARROWEST = 320  # narrower lines are padded to this: what the recogniser was trained on
WIDEST = 3200  # a line longer than that is squeezed
BATCH = 5600  # pixels of line width recognised in one go: its memory grows by a megabyte for every 70
APART = 9  # steps of the recogniser, of eight pixels, between two characters: neighbours are at most seven apart,
APART_OF_USUAL = 1.7  # or so many times what is usual in a stretched line
UNSURE = 0.02  # a character that was at least so likely in place of the one chosen is worth naming


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """What a crop says; ``rival`` is the text with its least certain Latin letter or digit read the second best way."""

    text: str
    score: float  # mean over the characters, 0..1
    rival: str


class Engine:
    """Detector and recogniser of one process; not for sharing between threads."""

    def __init__(self, threads: int) -> None:
        self.settings = settings(threads)
        cv2.setNumThreads(threads)
        self._finder, self._reader = _models(self.settings)
        self._characters: Sequence[str] = self._reader.postprocess_op.character

    @property
    def name(self) -> str:
        return f"rapidocr {version('rapidocr')} PP-OCRv6 small onnxruntime {version('onnxruntime')}"

    def find(self, picture: Picture) -> list[Quad]:
        """The lines of a page as quads, in no order; the corners of standing ones come mixed up."""
        boxes = self._finder(coloured(picture)).boxes
        return [] if boxes is None else [clockwise(box) for box in boxes]

    def recognise(self, crops: Sequence[Picture]) -> list[Recognised]:
        """One reading for every crop, in the order of the crops; "" for what says nothing."""
        found: dict[int, Recognised] = {}
        lines = [_line(crop) for crop in crops]
        for batch in _batches(lines):
            found.update(zip(batch, self._read([lines[index] for index in batch]), strict=True))
        return [found[index] for index in range(len(crops))]

    def _read(self, lines: Sequence[Picture]) -> Iterator[Recognised]:
        chances = self._reader.session(_tensor(lines))
        return (_spell(steps, self._characters) for steps in chances)


def settings(threads: int) -> Mapping[str, Any]:
    """As measured: with the line classifier on, or the detector at its default, whole lines of clean pages are lost."""
    models = files("rapidocr") / "models"
    return {
        "Global.use_cls": False,
        "Global.log_level": "critical",
        "Det.limit_side_len": 1280,
        "Det.limit_type": "max",
        "Det.model_path": str(models / FINDER),  # named, or a missing file would be fetched
        "Rec.model_path": str(models / READER),
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
    }


def _models(settings: Mapping[str, Any]) -> tuple[Any, Any]:
    """Detector and recogniser themselves: the engine around them remembers the flags of its last call."""
    rapidocr: Any = import_module("rapidocr")
    logging.getLogger("RapidOCR").disabled = True
    engine = rapidocr.RapidOCR(params=dict(settings))
    nothing = np.full((HEIGHT, NARROWEST, 3), 255, dtype=np.uint8)
    engine(nothing, use_det=True, use_rec=False)
    engine.recognize_txt([nothing])
    return engine.text_det, engine.text_rec


def _line(crop: Picture) -> Picture:
    height, width = crop.shape[:2]
    wanted = min(WIDEST, max(8, round(width * HEIGHT / height)))
    return picture_of(cv2.resize(coloured(crop), (wanted, HEIGHT)))


def _batches(lines: Sequence[Picture]) -> Iterator[list[int]]:
    """Lines of like width together, no more at once than memory is to hold."""
    batch: list[int] = []
    for index in sorted(range(len(lines)), key=lambda index: lines[index].shape[1]):
        if batch and (len(batch) + 1) * lines[index].shape[1] > BATCH:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _tensor(lines: Sequence[Picture]) -> NDArray[np.float32]:
    width = max(NARROWEST, *(line.shape[1] for line in lines))
    tensor = np.zeros((len(lines), 3, HEIGHT, width), dtype=np.float32)
    for place, line in zip(tensor, lines, strict=True):
        place[:, :, : line.shape[1]] = line.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
    return tensor


def _spell(steps: NDArray[np.float32], characters: Sequence[str]) -> Recognised:
    """CTC: the best class of each step, repeats and blanks (class 0) left out."""
    best = steps.argmax(axis=1)
    kept = [step for step in range(len(best)) if best[step] and (step == 0 or best[step] != best[step - 1])]
    text = _spaced([characters[best[step]] for step in kept], kept)
    scores = [float(steps[step, best[step]]) for step in kept]
    score = sum(scores) / len(scores) if scores else 0.0
    return Recognised(text="".join(text), score=score, rival=_rival(steps, kept, text, characters))


def _spaced(text: Sequence[str], kept: Sequence[int]) -> list[str]:
    """Each character with the space before it, where there is a gap: the recogniser knows none in Chinese."""
    steps = [after - before for before, after in pairwise(kept)]
    apart = max(APART, APART_OF_USUAL * median(steps)) if steps else APART
    return [*text[:1], *(" " * (step >= apart) + character for step, character in zip(steps, text[1:], strict=True))]


def _rival(steps: NDArray[np.float32], kept: Sequence[int], text: Sequence[str], characters: Sequence[str]) -> str:
    worst = (UNSURE, -1, "")
    for place, step in enumerate(kept):
        if text[place].isascii() and text[place].strip().isalnum():
            second = int(np.argpartition(steps[step], -2)[-2])
            worst = max(worst, (float(steps[step, second]), place, characters[second] if second else ""))
    _, place, other = worst
    return "".join(text) if place < 0 else "".join([*text[:place], other, *text[place + 1 :]])
