"""What decoders raise and warn of becomes one error of ours."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from channels.letter.reading.files.causes import BOMB, CORRUPT, Unopened


@contextmanager
def guarded(cause: str = CORRUPT) -> Iterator[None]:
    """Run a decoder: whatever it raises is Unopened, with ``cause`` unless it was the size that it choked on."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata; the picture itself decides
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except Unopened:
        raise
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unopened(BOMB) from error
    except Exception as error:
        raise Unopened(cause) from error
