"""A page as the light that a scanner sees, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from channels.letter.simulator.paper import Page

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Light = NDArray[np.float32]
    Share = NDArray[np.floating[Any]]


def light_of(page: Page) -> Light:
    """Height x width x 3, 0 to 255."""
    import numpy as np

    return np.array(page.picture.convert("RGB"), dtype=np.float32)


def shown(page: Page, light: Share) -> Page:
    """The page with so much light; what is more than white is white."""
    import numpy as np
    from PIL import Image

    return replace(page, picture=Image.fromarray(light.clip(0, 255).astype(np.uint8)))


def lit(page: Page, share: Share) -> Page:
    """The page with this share of its light, height x width."""
    return shown(page, light_of(page) * share[..., None])
