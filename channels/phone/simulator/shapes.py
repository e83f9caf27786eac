"""JSON as Twilio's interface gives it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from channels.phone.simulator.call import Call
    from channels.phone.simulator.exchange import Exchange
    from channels.phone.simulator.messages import Message
    from channels.phone.simulator.tapes import Tape

VERSION = "2010-04-01"


def date(at: datetime | None) -> str | None:
    """RFC 2822; the platform's clock is UTC."""
    return at.strftime("%a, %d %b %Y %H:%M:%S +0000") if at else None


def of_message(exchange: Exchange, message: Message) -> dict[str, Any]:
    left = message.status != "queued"
    return {
        "account_sid": exchange.account_sid,
        "api_version": VERSION,
        "body": message.body,
        "date_created": date(message.at),
        "date_sent": date(message.at) if left else None,
        "date_updated": date(message.at),
        "direction": "outbound-api",
        "error_code": message.error_code,
        "error_message": None,
        "from": message.from_,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": str(-(-len(message.body) // 67)),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{_account(exchange)}/Messages/{message.sid}/Media.json"},
        "to": message.to,
        "uri": f"{_account(exchange)}/Messages/{message.sid}.json",
    }


def of_call(exchange: Exchange, call: Call) -> dict[str, Any]:
    uri = f"{_account(exchange)}/Calls/{call.sid}"
    return {
        "account_sid": exchange.account_sid,
        "annotation": None,
        "answered_by": call.answered_by or None,
        "api_version": VERSION,
        "caller_name": call.name or None,
        "date_created": date(call.created_at),
        "date_updated": date(call.ended_at or call.answered_at or call.created_at),
        "direction": call.direction,
        "duration": str(call.seconds) if call.ended else None,
        "end_time": date(call.ended_at),
        "forwarded_from": None,
        "from": call.from_,
        "from_formatted": call.from_,
        "group_sid": None,
        "parent_call_sid": call.parent_sid or None,
        "phone_number_sid": "PN" + "0" * 32,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": date(call.answered_at or (call.created_at if call.ended else None)),
        "status": call.state,
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


def of_tape(exchange: Exchange, tape: Tape) -> dict[str, Any]:
    uri = f"{_account(exchange)}/Recordings/{tape.sid}"
    return {
        "account_sid": exchange.account_sid,
        "api_version": VERSION,
        "call_sid": tape.call.sid,
        "channels": 1,
        "conference_sid": None,
        "date_created": date(tape.started_at),
        "date_updated": date(tape.ended_at or tape.started_at),
        "duration": None if tape.duration is None else str(tape.duration),
        "encryption_details": None,
        "error_code": None,
        "media_url": exchange.tapes.url(tape),
        "price": None,
        "price_unit": "USD",
        "sid": tape.sid,
        "source": tape.source,
        "start_time": date(tape.started_at),
        "status": exchange.tapes.status(tape),
        "subresource_uris": {},
        "track": "both",
        "uri": f"{uri}.json",
    }


def _account(exchange: Exchange) -> str:
    return f"/{VERSION}/Accounts/{exchange.account_sid}"
