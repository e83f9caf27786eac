"""The hotline that both servers of the benchmark play, and the signed requests of its calls."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from tests.bench.push import Push

ACCOUNT, TOKEN, NUMBER, PUBLIC = "AC" + "b" * 32, "bench-auth-token", "+85230001234", "https://bench.example"
SIGNER = RequestValidator(TOKEN)

# One whole dialogue: told, what is wanted, who, which policy, yes, goodbye.
STEPS: tuple[Mapping[str, str], ...] = (
    {"SpeechResult": "我要投诉，车险理赔拖了两个月了还没赔下来，打电话就说在审核", "Confidence": "0.92"},
    {"SpeechResult": "请尽快赔付", "Confidence": "0.92"},
    {"SpeechResult": "我叫张晓明", "Confidence": "0.92"},
    {"Digits": "2026410100001"},
    {"Digits": "1"},
    {"SpeechResult": "没有了，谢谢", "Confidence": "0.92"},
)


def call_of(person: int, _: int) -> list[Push]:
    """The requests of one call, in the order in which Twilio makes them; for its last, nobody waits."""
    steps = [signed(person, f"/in/phone/step?n={n}", step) for n, step in enumerate(STEPS, 1)]
    over = signed(person, "/in/phone/status", {"CallStatus": "completed", "CallDuration": "95"}, timed=False)
    return [signed(person, "/in/phone/call", {"CallStatus": "ringing"}), *steps, over]


def signed(person: int, path: str, told: Mapping[str, str], *, timed: bool = True) -> Push:
    caller = f"+86139{person:08d}"
    form = {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": f"CA{person:032x}",
        "CallStatus": "in-progress",
        "Called": NUMBER,
        "Caller": caller,
        "Direction": "inbound",
        "From": caller,
        "To": NUMBER,
        **told,
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": str(SIGNER.compute_signature(PUBLIC + path, form)),
    }
    return Push(path=path, body=urlencode(form).encode(), headers=headers, timed=timed)
