"""What the website and the counter share: a form that somebody filled in, and the item that it is."""

from channels.forms.files import Refused, checked_file, checked_files
from channels.forms.item import FormItem, item_of, read_form
from channels.forms.submission import NAMES, submission_of_form, visitor

__all__ = [
    "NAMES",
    "FormItem",
    "Refused",
    "checked_file",
    "checked_files",
    "item_of",
    "read_form",
    "submission_of_form",
    "visitor",
]
