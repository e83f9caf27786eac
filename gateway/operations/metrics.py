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
FLOODED = Counter(
    "tousu_flooded", "Items beyond what a person sends: kept, bundled for staff", ["channel"], registry=REGISTRY
)
GUESSED = Counter("tousu_token_guesses", "Wrong service tokens shown to the API", registry=REGISTRY)
UNPROVEN = Gauge(
    "tousu_channel_unproven",
    "Calls taken since the start although nothing shows that the provider sent them",
    ["channel"],
    registry=REGISTRY,
)
OUTBOX = Gauge("tousu_outbox_parcels", "Messages in the outbox, by state", ["state"], registry=REGISTRY)
MODEL_REPLIES = Counter(
    "tousu_model_replies", "Texts a model was to read along, by what became of it", ["outcome"], registry=REGISTRY
)
SEALED = Gauge(
    "tousu_sealed_values", "Values and files under each key, as the last look found them", ["key"], registry=REGISTRY
)
BALANCE_OFF = Gauge(
    "tousu_balance_off",
    "Things that did not balance at the last look, by channel and why",
    ["channel", "why"],
    registry=REGISTRY,
)
BALANCE_AT = Gauge(
    "tousu_balance_at_seconds", "When the books were last compared, by what came of it", ["verdict"], registry=REGISTRY
)
ERASED = Counter(
    "tousu_erased", "What was due to be erased, by kind and what stood against it", ["what"], registry=REGISTRY
)
READY = Gauge(
    "tousu_ready", "1 for each part that does what it should, 0 for one that does not", ["part"], registry=REGISTRY
)
CONCERNED = Gauge(
    "tousu_concern", "1 for what a person must look at although the process does its work", ["part"], registry=REGISTRY
)
RESTARTS = Gauge(
    "tousu_work_restarts",
    "How often a piece of background work has crashed since the start",
    ["work"],
    registry=REGISTRY,
)
TURNS = Gauge(
    "tousu_turns_here", "1 for what this process tends, of all gateways; 0 for others", ["turn"], registry=REGISTRY
)
OLDEST = Gauge(
    "tousu_outbox_oldest_seconds",
    "Age of the oldest message that is due, and of the oldest that was tried in vain and waits",
    ["what"],
    registry=REGISTRY,
)
