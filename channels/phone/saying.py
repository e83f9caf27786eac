"""Words for a voice, on calls to us and on calls of ours alike."""

from __future__ import annotations

from twilio.twiml.voice_response import Say

from channels.phone.settings import Tongue
from channels.phone.words import NUMBER, passages


def sayings(text: str, tongue: Tongue) -> list[Say]:
    """The text in as many parts as Twilio takes."""
    return [_say(passage, tongue) for passage in passages(text)]


def _say(passage: str, tongue: Tongue) -> Say:
    """The words, with complaint numbers digit by digit: a voice would read them as one huge amount."""
    say = Say(voice=tongue.voice, language=tongue.say)
    spelled = "digits" if tongue.voice.startswith("Polly.") else "characters"
    begin = 0
    for number in NUMBER.finditer(passage):
        say.append(passage[begin : number.start(1)])
        say.say_as(number[1], interpret_as=spelled)
        begin = number.end()
    if passage[begin:]:
        say.append(passage[begin:])
    return say
