"""A short real sound file, made here: a tone as WAV, silence as MP3."""

from __future__ import annotations

import array
import io
import math
import sys
import wave

RATE = 8_000
LONGEST = 5  # seconds that are really in the file, however long the recording was
FRAMES_A_SECOND = RATE / 576
# MPEG 2.5 layer III, 8 kbit/s, 8 kHz, mono: 72 bytes; all zeros after the head is silence.
SILENT_FRAME = bytes.fromhex("ffe318c0") + bytes(68)


def wav(seconds: int) -> bytes:
    """8 kHz, 16 bit, mono, as Twilio's recordings are."""
    samples = array.array("h", _tone(seconds))
    if sys.byteorder == "big":
        samples.byteswap()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def _tone(seconds: int) -> list[int]:
    count = RATE * max(1, min(seconds, LONGEST))
    return [round(8_000 * math.sin(2 * math.pi * 440 * place / RATE)) for place in range(count)]


def mp3(seconds: int) -> bytes:
    return SILENT_FRAME * math.ceil(FRAMES_A_SECOND * max(1, min(seconds, LONGEST)))
