"""What Prometheus reads of the spool."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from gateway.operations.metrics import REGISTRY

SPOOLED = Counter("tousu_spooled", "Put on disk because the database was away", ["channel", "kind"], registry=REGISTRY)
DRAINED = Counter("tousu_spool_drained", "Taken from disk, by what became of it", ["outcome"], registry=REGISTRY)
DEPTH = Gauge("tousu_spool_records", "Records on disk that wait for the database", registry=REGISTRY)
OLDEST = Gauge("tousu_spool_oldest_seconds", "Age of the oldest of them", registry=REGISTRY)
BYTES = Gauge("tousu_spool_bytes", "Size of the spool's folder", registry=REGISTRY)
