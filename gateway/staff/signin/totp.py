"""Codes of a second factor (TOTP, RFC 6238): six digits, half a minute, each taken once."""

from __future__ import annotations

from datetime import datetime

import pyotp
import segno
from pyotp.utils import strings_equal

STEP = 30  # seconds
DRIFT = 1  # steps that a telephone's clock may be off
DIGITS = 6


def new_secret() -> str:
    """160 bits in base32, as authenticator apps take them."""
    return pyotp.random_base32()


def accepted(secret: str, code: str, at: datetime, used: int) -> int | None:
    """The time step whose code this is; None for a wrong one, and for one of a step that was used before."""
    digits = "".join(code.split())
    now = int(at.timestamp()) // STEP
    maker = pyotp.TOTP(secret, digits=DIGITS, interval=STEP)
    fitting = [step for step in range(now - DRIFT, now + DRIFT + 1) if strings_equal(maker.generate_otp(step), digits)]
    return next((step for step in fitting if step > used), None)


def picture(secret: str, login: str, issuer: str) -> str:
    """What an app reads the secret from: a QR code as SVG without any style."""
    uri = pyotp.TOTP(secret, digits=DIGITS, interval=STEP).provisioning_uri(name=login, issuer_name=issuer)
    svg: str = segno.make(uri, error="m", micro=False).svg_inline(scale=4, dark="#000", light="#fff", border=4)
    return svg


def in_groups(secret: str) -> str:
    """The secret for whoever types it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
