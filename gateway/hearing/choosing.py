"""Which files wait for words: what a person spoke for us to hear, and nobody has written down yet."""

from __future__ import annotations

from dataclasses import replace

from normalizer.record import Gesture, Submission
from store.values import File, Hearing

# A voice in a chat comes without a gesture; a message that a caller left comes with its own. The recording of a
# whole call is only noted: its words were heard on the line, turn by turn, and would count twice.
SPOKEN_TO_US = frozenset({None, Gesture.MESSAGE})


def to_be_heard(file: File, submission: Submission) -> File:
    """The file as it is kept: waiting for words if it is a recording that came without them."""
    spoken = file.media_type.lower().startswith("audio/") and submission.gesture in SPOKEN_TO_US
    if not spoken or submission.text or submission.machine is not None:
        return file
    return replace(file, heard=Hearing.WAITING, call=submission.talk)
