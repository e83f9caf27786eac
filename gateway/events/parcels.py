"""An event on its way to one endpoint: a parcel of the outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from channels.base import OutboundKind
from gateway.delivery.parcels import new_parcel
from gateway.delivery.webhook import ENDPOINT, EVENT, TYPE, WEBHOOK
from gateway.events.event import Event
from normalizer.record import NOBODY
from store.desk import Endpoint
from store.endpoints import telling
from store.values import Parcel


def event_parcel(event: Event, endpoint: Endpoint, now: datetime) -> Parcel:
    """It belongs to no complaint: what a ticket shows of deliveries is what the customer was sent."""
    context = MappingProxyType({ENDPOINT: endpoint.id, EVENT: event.id, TYPE: event.type})
    parcel = new_parcel(OutboundKind.NOTICE, WEBHOOK, NOBODY, event.body, now, context=context)
    return replace(parcel, number=event.number, provider_id=telling(endpoint.id, event.id))
