"""What is said on a call that we place: nothing before four digits prove who is there.

Whoever picks up may be anybody, and a machine plays its message to anybody: neither learns that there is a complaint.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from twilio.twiml.voice_response import Gather, Say, VoiceResponse

from channels.base import Outbound
from channels.phone.saying import sayings
from channels.phone.settings import PhoneSettings

WORDING: Mapping[str, Mapping[str, str]] = tomllib.loads(Path(__file__).with_name("tell.toml").read_text("utf-8"))
PIN_DIGITS = 4
PATIENCE = 10  # seconds for the first digit, and between two
REPEAT_PATIENCE = 5
MOST_HEARINGS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What one call is to tell, and the number by whose end the person proves themselves."""

    text: str
    language: str
    number: str

    @property
    def pin(self) -> str:
        return self.number[-PIN_DIGITS:]


def key_for(outbound_id: str) -> str:
    return f"tell:{outbound_id}"


def written(outbound: Outbound) -> str:
    """What memory keeps of a message until the call is answered."""
    return json.dumps(asdict(Words(text=outbound.text, language=outbound.language, number=outbound.number)))


def words_from(told: str | None) -> Words | None:
    return Words(**json.loads(told)) if told else None


class Script:
    """The documents of such a call; ``d`` is our id of the message."""

    def __init__(self, settings: PhoneSettings) -> None:
        self.settings = settings

    def ask(self, d: str, attempt: int, language: str) -> str:
        """For the four digits; what is keyed comes as this attempt, silence too."""
        response = VoiceResponse()
        gather = Gather(
            input="dtmf",
            num_digits=PIN_DIGITS,
            finish_on_key="#",
            timeout=PATIENCE,
            action=f"tell?d={d}&try={attempt}",
            method="POST",
            action_on_empty_result=True,
        )
        for say in self._say("ask" if attempt == 1 else "wrong", language):
            gather.append(say)
        response.append(gather)
        return str(response)

    def tell(self, d: str, words: Words, heard: int) -> str:
        """The words, for the ``heard``-th time, and the way to hear them again."""
        response = VoiceResponse()
        for say in self._speak(words.text, words.language):
            response.append(say)
        if heard < MOST_HEARINGS:
            gather = Gather(
                input="dtmf",
                num_digits=1,
                timeout=REPEAT_PATIENCE,
                action=f"tell?d={d}&again={heard + 1}",
                method="POST",
            )
            for say in self._say("again", words.language):
                gather.append(say)
            response.append(gather)
        return self._end(response, "thanks", words.language)

    def thank(self, language: str) -> str:
        return self._end(VoiceResponse(), "thanks", language)

    def turn_away(self, language: str) -> str:
        """For who did not prove who they are: they can call us."""
        return self._end(VoiceResponse(), "call_us", language)

    def to_machine(self, language: str) -> str:
        """For an answering machine: who called, and nothing else."""
        return self._end(VoiceResponse(), "machine", language)

    def _end(self, response: VoiceResponse, name: str, language: str) -> str:
        for say in self._say(name, language):
            response.append(say)
        response.hangup()
        return str(response)

    def _say(self, name: str, language: str) -> list[Say]:
        wording = WORDING["en" if language == "en" else "zh"]
        org = self.settings.org_name or wording["org"]
        number = " ".join(self.settings.number.removeprefix("+"))
        return self._speak(wording[name].format(org=org, number=number), language)

    def _speak(self, text: str, language: str) -> list[Say]:
        return sayings(text, self.settings.tongue(language))
