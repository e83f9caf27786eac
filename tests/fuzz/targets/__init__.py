"""All targets by their names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tests.fuzz.target import Target
from tests.fuzz.targets import api, forms, kept, mail, overlays, paper, phone, wechat

_EACH = (wechat, phone, mail, paper, forms, api, overlays, kept)
TARGETS: Mapping[str, Target] = MappingProxyType({target.name: target for each in _EACH for target in each.TARGETS})
