"""TwiML, read as strictly as Twilio reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from channels.phone.simulator.values import Trouble

NOT_XML = 12100
NOT_TWIML = 12200
NO_DOCUMENT = 12300  # a content type that is none of Twilio's

MAX_SIZE = 64 * 1024
XML = ("text/xml", "application/xml", "text/html")

SPOKEN = frozenset({"Say", "Play", "Pause"})
FLOW = frozenset({"Gather", "Record", "Dial", "Redirect", "Hangup", "Reject"})
INSIDE: Mapping[str, frozenset[str]] = {"Response": SPOKEN | FLOW, "Gather": SPOKEN, "Dial": frozenset({"Number"})}
SSML = frozenset({"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"})
# What an element may say of itself; anything else is a slip of the pen, and has no effect.
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "Say": "voice loop language",
        "Play": "loop digits",
        "Pause": "length",
        "Gather": "input action method timeout speechTimeout maxSpeechTime profanityFilter finishOnKey numDigits "
        "partialResultCallback partialResultCallbackMethod language hints bargeIn debug actionOnEmptyResult "
        "speechModel enhanced",
        "Record": "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback "
        "recordingStatusCallbackMethod recordingStatusCallbackEvent transcribe transcribeCallback",
        "Dial": "action method timeout hangupOnStar timeLimit callerId record trim recordingStatusCallback "
        "recordingStatusCallbackMethod recordingStatusCallbackEvent answerOnBridge ringTone recordingTrack sequential",
        "Number": "sendDigits url method statusCallbackEvent statusCallback statusCallbackMethod byoc "
        "machineDetection amdStatusCallback amdStatusCallbackMethod machineDetectionTimeout",
        "Redirect": "method",
        "Hangup": "",
        "Reject": "reason",
    }.items()
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Verb:
    """One element of a document."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    children: tuple[Verb, ...] = ()

    def get(self, attribute: str, otherwise: str = "") -> str:
        return self.attributes.get(attribute, otherwise)

    def number(self, attribute: str) -> int | None:
        """A whole number, None when it is missing or ``auto``. Raises Trouble 12200 for anything else."""
        value = self.get(attribute, "auto")
        if value == "auto":
            return None
        if not value.isdecimal():
            raise Trouble(NOT_TWIML, f"{attribute}={value!r} is no number")
        return int(value)


def read(content: bytes, media_type: str = "text/xml") -> tuple[Verb, ...]:
    """The verbs of a document. Raises Trouble 12100 (not XML), 12200 (not TwiML), 12300 (not for a telephone)."""
    if media_type == "text/plain":
        return (Verb(name="Say", attributes={}, text=content.decode(errors="replace").strip()),)
    if media_type not in XML:
        raise Trouble(NO_DOCUMENT, f"content type {media_type}")
    if len(content) > MAX_SIZE:
        raise Trouble(NOT_XML, "the document is longer than 64 KiB")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise Trouble(NOT_XML, f"not XML: {error}") from error
    if root.tag != "Response":
        raise Trouble(NOT_XML, f"the root is <{root.tag}>, not <Response>")
    return _children(root)


def _children(parent: ElementTree.Element) -> tuple[Verb, ...]:
    return tuple(_verb(element, parent.tag) for element in parent)


def _verb(element: ElementTree.Element, parent: str) -> Verb:
    if element.tag not in INSIDE[parent]:
        raise Trouble(NOT_TWIML, f"<{element.tag}> inside <{parent}>")
    if element.tag == "Say":
        _check_ssml(element)
    elif element.tag not in INSIDE and len(element):
        raise Trouble(NOT_TWIML, f"<{element[0].tag}> inside <{element.tag}>")
    children = _children(element) if element.tag in INSIDE else ()
    text = "".join(element.itertext()).strip()
    return Verb(name=element.tag, attributes=dict(element.attrib), text=text, children=children)


def _check_ssml(say: ElementTree.Element) -> None:
    for element in say.iter():
        if element is not say and element.tag not in SSML:
            raise Trouble(NOT_TWIML, f"<{element.tag}> inside <Say>")


def slips(verbs: Iterable[Verb]) -> list[str]:
    """Attributes that Twilio does not know: it only warns of them (12200)."""
    found = []
    for verb in verbs:
        found += [f"{name} of <{verb.name}>" for name in verb.attributes if name not in ATTRIBUTES[verb.name]]
        found += slips(verb.children)
    return found
