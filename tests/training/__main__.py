"""``python -m tests.training``: builds ``normalizer/rules/learned.json`` from the sentences, in about a minute."""

from __future__ import annotations

from pathlib import Path

from tests.training.build import built
from tests.training.sentences import sentences

MODEL = Path(__file__).parents[2] / "normalizer" / "rules" / "learned.json"

if __name__ == "__main__":
    MODEL.write_text("\n".join(built(sentences())) + "\n", encoding="utf-8")
