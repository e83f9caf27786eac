"""What Prometheus reads at /metrics: counts only, never a word of a customer."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

REGISTRY = CollectorRegistry()

SUBMISSIONS = Counter(
    "tousu_submissions", "Items handled, by channel and answer", ["channel", "answer"], registry=REGISTRY
)
REFUSED = Counter(
    "tousu_refused", "Webhook calls refused, by channel and reason", ["channel", "reason"], registry=REGISTRY
)
DELIVERIES = Counter("tousu_deliveries", "Delivery attempts, by outcome", ["channel", "outcome"], registry=REGISTRY)
LEDGER = Gauge(
    "tousu_ledger_items", "Items in the ledger, by channel and state", ["channel", "state"], registry=REGISTRY
)
CHANNEL_REFUSED = Gauge(
    "tousu_channel_refused",
    "Calls a channel refused since the start, by channel and reason",
    ["channel", "reason"],
    registry=REGISTRY,
)
OUTBOX = Gauge("tousu_outbox_parcels", "Messages in the outbox, by state", ["state"], registry=REGISTRY)
MODEL_REPLIES = Counter(
    "tousu_model_replies", "Texts a model was to read along, by what became of it", ["outcome"], registry=REGISTRY
)
