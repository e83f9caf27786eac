"""What passes through the pipe between us and a process of ours: one JSON object and, beside it, bytes.

JSON and not pickle: what comes out of a process that met hostile bytes must be data, whatever became of that process.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any

HEAD = struct.Struct("!cII")  # what it is, length of the JSON, length of the bytes
REQUEST, PART, READ, FAILED, READY = b"?", b"+", b"=", b"!", b"."


def frame(kind: bytes, fields: Any, content: Sequence[bytes] = ()) -> list[bytes]:
    """One message: its head, its JSON, its bytes."""
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return [HEAD.pack(kind, len(text), sum(map(len, content))), text, *content]
