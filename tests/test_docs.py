"""What the documents say is so: settings, commands, channels, addresses, files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from channels import BUILDERS
from channels.base import Means, Off
from channels.phone.reach import load
from gateway.__main__ import COMMANDS
from gateway.settings import Settings
from tests.clock import SetClock
from tests.phone.line import LineInbox
from tests.wechat.fakes import DictMemory

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
CHANNEL_READMES = tuple(f"channels/{name}/README.md" for name in BUILDERS)
DOCUMENTS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))
DEPLOY_READMES = ("deploy/twilio/README.md",)
NOTHING = "—"  # how the tables write an empty default

SETTING = re.compile(r"TOUSU_[A-Z][A-Z0-9_]*")
SETTING_ROW = re.compile(r"^\| `(TOUSU_[A-Z0-9_]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
COMMAND_ROW = re.compile(r"^\| `([a-z][a-z-]*)(?: [^`]*)?` \| .+ \|$", re.MULTILINE)
MAKE = re.compile(r"\bmake ([a-z]+)\b")
TARGET = re.compile(r"^([a-z]+):.*##", re.MULTILINE)
PHONE_ADDRESS = re.compile(r"/in/phone(/\w+)")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
QUOTED = re.compile(r"`([^`\s]+)`")
A_PATH = re.compile(r"\.?[\w-]+(?:/[\w.*-]+)*/?(?:\.(?:md|py|toml|txt))?")
MADE_LATER = ("var/", "files/", "secret.key")  # what the gateway makes itself is not in the repository

every_readme = pytest.mark.parametrize("readme", READMES)


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def written(default: Any) -> str:
    """A default as the tables write it."""
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if default is None or default == "":
        return NOTHING
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


DEFAULTS = {f"TOUSU_{name.upper()}": written(field.default) for name, field in Settings.model_fields.items()}


@every_readme
def test_every_setting_is_in_the_readme_with_its_default(readme: str) -> None:
    told = {name: default for name, default, _ in SETTING_ROW.findall(text_of(readme))}
    assert told == DEFAULTS


@every_readme
def test_a_setting_is_explained_once(readme: str) -> None:
    names = [name for name, *_ in SETTING_ROW.findall(text_of(readme))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("document", [*READMES, *CHANNEL_READMES, *DEPLOY_READMES, *DOCUMENTS, "channels/README.md"])
def test_no_document_names_a_setting_that_does_not_exist(document: str) -> None:
    assert set(SETTING.findall(text_of(document))) <= set(DEFAULTS)


@every_readme
def test_every_command_is_in_the_readme(readme: str) -> None:
    assert set(COMMAND_ROW.findall(text_of(readme))) == set(COMMANDS)


@every_readme
def test_whoever_types_a_make_command_of_the_readme_finds_it(readme: str) -> None:
    assert set(MAKE.findall(text_of(readme))) <= set(TARGET.findall(text_of("Makefile")))


@pytest.mark.parametrize("channel", BUILDERS)
def test_every_channel_explains_itself(channel: str) -> None:
    assert (ROOT / "channels" / channel / "README.md").is_file()


@pytest.mark.parametrize("channel", BUILDERS)
def test_a_channel_explains_every_setting_of_its_own(channel: str) -> None:
    own = {name for name in DEFAULTS if name.startswith(f"TOUSU_{channel.upper()}_")}
    assert own <= set(SETTING.findall(text_of(f"channels/{channel}/README.md")))


def test_the_addresses_to_be_set_at_twilio_are_those_that_answer() -> None:
    told = set(PHONE_ADDRESS.findall(" ".join(map(text_of, (*READMES, "channels/phone/README.md")))))
    settings = {"phone_account_sid": "AC12", "phone_auth_token": "t", "phone_number": "+85230001234"}
    channel = BUILDERS["phone"](Means(settings=settings, memory=DictMemory(), clock=SetClock()))
    assert not isinstance(channel, Off)
    assert told == {"/call", "/status"}
    assert told <= {route.path for route in channel.routes(LineInbox())}


def test_the_table_of_countries_that_the_phone_shows_can_be_laid_over_the_shipped_one(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(.+?)```", text_of("channels/phone/README.md"), re.DOTALL)
    own = tmp_path / "reach.toml"
    own.write_text(shown, "utf-8")
    assert load(own).ways("+79161234567") == ()


@pytest.mark.parametrize("document", [*CHANNEL_READMES, *DEPLOY_READMES, *DOCUMENTS, "channels/README.md"])
def test_every_link_of_a_document_leads_somewhere(document: str) -> None:
    """Seen from the document itself, as a reader's browser sees it."""
    folder = (ROOT / document).parent
    links = [link for link in LINK.findall(text_of(document)) if "://" not in link]
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("document", [*READMES, "docs/decisions.md", "CHANGELOG.md"])
def test_every_file_a_document_names_is_there(document: str) -> None:
    absent = [path for path in _paths(text_of(document)) if not any(ROOT.glob(path.rstrip("/")))]
    assert not absent


def _paths(text: str) -> list[str]:
    links = [link for link in LINK.findall(text) if "://" not in link]
    quoted = [word for word in QUOTED.findall(text) if _is_path(word)]
    return links + quoted


def _is_path(word: str) -> bool:
    """With a folder, or with the ending of a text of ours; an address that begins with a slash is a URL's."""
    told = "/" in word or word.endswith((".md", ".py", ".toml", ".txt"))
    return told and bool(A_PATH.fullmatch(word)) and not word.startswith(MADE_LATER)


def test_both_readmes_have_the_same_parts() -> None:
    """Headings by their depth, code blocks, table rows: what one says the other says."""
    english, chinese = ([_kind(line) for line in text_of(name).splitlines() if _kind(line)] for name in READMES)
    assert english == chinese


def _kind(line: str) -> str:
    found = re.match(r"#+ |```|\| ", line)
    return found.group() if found else ""
