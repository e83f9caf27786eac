"""What the use cases need of the world, handed to them by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from channels.base import Clock
from gateway.casework.hiding import Hiding
from gateway.intake.directory import NoDirectory, PolicyDirectory
from gateway.settings import Settings
from normalizer.record import Contact
from store.unit import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """The store, the time, the settings and the insurer's own files."""

    store: Store
    clock: Clock
    settings: Settings
    directory: PolicyDirectory = field(default_factory=NoDirectory)
    open_channels: frozenset[str] = frozenset()  # channels that are configured: only these can carry a message
    hiding: Hiding = field(default_factory=Hiding)  # what somebody must not learn of
    may_text: Callable[[Contact], bool] = lambda _: False  # can this number get a written message from us?
