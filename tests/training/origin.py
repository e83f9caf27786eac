"""What a model was made of, told in one line: so that a test sees in a moment whether it would still be made so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from tests.training import build
from tests.training.sentences import Example

ORIGIN = Path(__file__).parent / "origin.json"


def origin_of(examples: Sequence[Example], model: str) -> dict[str, str]:
    """Digests of all that goes into a fit, and of what came out of it.

    Pieces and not texts: how a text is folded and cut belongs to what is learned from.
    """
    taught = hashlib.sha256(Path(build.__file__).read_bytes())
    for one in examples:
        taught.update(json.dumps([sorted(build.pieces_of(one.text)), one.teaches], sort_keys=True).encode())
    return {"taught": taught.hexdigest(), "model": hashlib.sha256(model.encode()).hexdigest()}
