"""Queues of doubt: what stopped on its way and waits for a person."""

from gateway.console.doubts.room import DoubtsRoom

__all__ = ["DoubtsRoom"]
