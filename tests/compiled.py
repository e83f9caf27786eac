"""Templates that are compiled once for all tests: each console and each customers' page has its own environment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partialmethod
from types import CodeType
from unittest.mock import patch

import jinja2
from jinja2.bccache import Bucket


class Compiled(jinja2.BytecodeCache):
    """By the template's file and by what stands in it, in the memory of this process."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


@contextmanager
def compiled_once() -> Iterator[None]:
    """For every environment that is opened meanwhile; compiling one page's templates takes longer than a test of it."""
    with patch.object(
        jinja2.Environment, "__init__", partialmethod(jinja2.Environment.__init__, bytecode_cache=Compiled())
    ):
        yield
