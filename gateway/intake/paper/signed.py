"""Whoever complains in writing signs it or sets a seal to it (令2020年第3号 Art 13 (4)); asked for, never refused."""

from __future__ import annotations

from gateway.intake.scene import Scene


def is_unsigned(scene: Scene) -> bool:
    """A letter that bears neither; a return slip has a line to sign on, and asks by itself."""
    scan = scene.submission.scan
    return scan is not None and bool(scan.pages) and not scan.marks and scene.submission.thread is None
