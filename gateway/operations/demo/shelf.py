"""Files that were chosen on the page, until they are sent; and the pictures that chats show."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

MOST_FILES = 60  # a sandbox: the oldest make room
MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """One chosen file."""

    id: str
    name: str
    media_type: str
    content: bytes


class Shelf:
    """Keeps the last files in memory."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Upload] = OrderedDict()

    def lay(self, name: str, media_type: str, content: bytes) -> Upload:
        upload = Upload(id=secrets.token_urlsafe(12), name=name[:120] or "file", media_type=media_type, content=content)
        self._files[upload.id] = upload
        while len(self._files) > MOST_FILES:
            self._files.popitem(last=False)
        return upload

    def find(self, id: str) -> Upload | None:
        return self._files.get(id)
