"""The far side of the post: people who write, scanners that see, and the folders where both ends meet.

For tests and the demo. Needs a Chinese typeface, else NoFonts.
"""

from channels.letter.simulator.enclosures import blank, chat_print, id_card_copy, invoice, policy_page
from channels.letter.simulator.files import written
from channels.letter.simulator.fonts import NoFonts, styles
from channels.letter.simulator.invented import Person, id_number, mobile, somebody
from channels.letter.simulator.marks import fingerprinted, sealed, signed
from channels.letter.simulator.office import LetterOut, PostOffice
from channels.letter.simulator.paper import Page, Written
from channels.letter.simulator.presets import PRESETS, effects_of
from channels.letter.simulator.scanner import scanned
from channels.letter.simulator.sheets import envelope, separator_sheet
from channels.letter.simulator.writing import Layout, write_letter

__all__ = [
    "PRESETS",
    "Layout",
    "LetterOut",
    "NoFonts",
    "Page",
    "Person",
    "PostOffice",
    "Written",
    "blank",
    "chat_print",
    "effects_of",
    "envelope",
    "fingerprinted",
    "id_card_copy",
    "id_number",
    "invoice",
    "mobile",
    "policy_page",
    "scanned",
    "sealed",
    "separator_sheet",
    "signed",
    "somebody",
    "styles",
    "write_letter",
    "written",
]
