"""The channels: a new one is a folder here and a line in BUILDERS."""

from channels.base import Builder
from channels.counter.build import build as build_counter
from channels.email.build import build as build_email
from channels.letter.build import build as build_letter
from channels.phone.build import build as build_phone
from channels.web.build import build as build_web
from channels.wechat.build import build as build_wechat

BUILDERS: dict[str, Builder] = {
    "wechat": build_wechat,
    "email": build_email,
    "phone": build_phone,
    "letter": build_letter,
    "web": build_web,
    "counter": build_counter,
}
