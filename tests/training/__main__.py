"""``python -m tests.training``: builds ``normalizer/rules/learned.json`` from the sentences, in about a minute."""

from __future__ import annotations

import json
from pathlib import Path

from tests.training.build import built
from tests.training.origin import ORIGIN, origin_of
from tests.training.sentences import sentences

MODEL = Path(__file__).parents[2] / "normalizer" / "rules" / "learned.json"


def main() -> None:
    """Model and origin are written together: neither can be forgotten."""
    examples = sentences()
    model = "\n".join(built(examples)) + "\n"
    MODEL.write_text(model, encoding="utf-8")
    ORIGIN.write_text(json.dumps(origin_of(examples, model), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
