"""The file of a complaint: everything is in it, byte for byte, and whoever changes anything is found out."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.commands.casefile import run
from gateway.house import House
from gateway.reports.casefile.bundle import packed, pem
from gateway.reports.casefile.pieces import safe_name
from gateway.reports.casefile.taking import take
from gateway.reports.casefile.verify import is_inside, verify
from gateway.staff.actor import SERVICE, Actor, Role, rights_of
from store.crypto import Keyring, new_secret
from store.desk import Link
from store.models import links
from store.values import Case, FileState, Posting, PostState
from tests.staff.office import NAME, PRIVATE, WORDS, Office

RAW = b"\x00\xffFrom: zhang\r\n\r\nas it came"
PDF = b"%PDF-1.7 the policy"


async def zipped(house: House, case: Case, *, masked: bool = False, actor: Actor = SERVICE) -> bytes:
    contents = await take(house, actor, case, reason="监管调阅", masked=masked)
    async with packed(contents, house.store.keyring) as file:
        return file.read()


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files_of(path: Path) -> dict[str, bytes]:
    return opened(path.read_bytes())


async def full(office: Office) -> Case:
    """A complaint with an original, a file, a recording, a message and a letter of ours."""
    case = await office.complaint()
    await office.file(case, content=PDF)
    await office.file(case, content=b"RIFF", name="../../etc/留言.wav", media_type="audio/wav")
    await office.file(case, content=b"", name="gone", state=FileState.LOST)
    await office.parcel(case)
    now = office.house.clock.now()
    sha256 = await office.house.store.blobs.put(b"%PDF-1.7 our letter")
    async with office.house.store.unit() as unit:
        entry = await unit.ledger.enter(channel="email", key="m1", received_at=now, raw=RAW, envelope={})
        await unit.ledger.settle(entry.id, answer_kind="silent", answer_text="", complaint_id=case.id)
        await unit.post.printed(
            Posting(
                id="letter1",
                complaint_id=case.id,
                number=case.number,
                kind="status",
                state=PostState.PRINTED,
                pages=1,
                sha256=sha256,
                printed_at=now,
            )
        )
        await unit.commit()
    return case


async def test_everything_of_a_complaint_is_in_its_file_byte_for_byte(office: Office) -> None:
    case = await full(office)
    files = opened(await zipped(office.house, case))
    assert RAW in files.values()
    assert PDF in [content for name, content in files.items() if name.startswith("attachments/")]
    assert b"RIFF" in [content for name, content in files.items() if name.startswith("recordings/")]
    assert files["sent/letter-letter1.pdf"] == b"%PDF-1.7 our letter"
    assert json.loads(files["record.json"])["complainant"]["name"] == NAME
    assert json.loads(files["sent/messages.json"])[0]["text"].startswith(NAME)
    assert WORDS in json.loads(files["timeline.json"])[0]["text"]
    assert "案卷" in files["README.txt"].decode()
    manifest = json.loads(files["manifest.json"])
    assert {each["why"] for each in manifest["left_out"]} == {"lost"}
    for entry in manifest["files"]:
        content = files[entry["path"]]
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (entry["sha256"], entry["size"])


async def test_taking_a_file_along_is_in_the_trail_and_the_trail_is_in_the_file(office: Office) -> None:
    case = await full(office)
    files = opened(await zipped(office.house, case))
    [(who, what, subject, detail)] = await office.audited()
    assert (who, what, subject) == ("api", "export_case_file", case.number)
    assert detail == {"reason": "监管调阅", "masked": False}
    assert [deed["action"] for deed in json.loads(files["audit.json"])] == ["export_case_file"]
    assert json.loads(files["manifest.json"])["audit_chain"]["entry"] == 1


async def test_the_masked_file_names_nobody_and_says_what_is_not_in_it(office: Office) -> None:
    case = await full(office)
    files = opened(await zipped(office.house, case, masked=True))
    everything = b"\n".join([*files.values(), *(name.encode() for name in files)]).decode(errors="replace")
    for private in (*PRIVATE, "监管调阅", "as it came"):
        assert private not in everything, private
    assert not any(name.startswith(("originals", "attachments", "recordings", "audit")) for name in files)
    left_out = json.loads(files["manifest.json"])["left_out"]
    assert [each for each in left_out if each["what"] == "attachments and recordings: 3" and each["why"] == "masked"]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_the_masked_file_holds_no_note_of_ours_no_login_and_no_digit_that_proves_who_somebody_is(
    office: Office,
) -> None:
    case, now = await full(office), office.house.clock.now()
    async with office.house.store.unit() as unit:
        await unit.timeline.add(case.id, at=now, kind="note", actor="wang", text="底线赔两万")
        path = {"path": ["VERIFYING"], "note": "内部：底线赔两万"}
        await unit.timeline.add(case.id, at=now, kind="status", actor="wang", text="VERIFYING", data=path)
        await unit.commit()
    files = opened(await zipped(office.house, case, masked=True))
    everything = b"\n".join(files.values()).decode(errors="replace")
    assert "底线" not in everything
    assert "wang" not in everything
    assert re.findall(r"\d\*{2,}|\*{2,}\d", everything) == []
    timeline = json.loads(files["timeline.json"])
    assert {entry["actor"] for entry in timeline} <= {"customer", "us"}
    assert timeline[-1]["data"] == {"path": ["VERIFYING"]}


async def test_what_was_merged_into_it_is_in_it_too(office: Office) -> None:
    case, other, stranger = [await office.complaint() for _ in range(3)]
    await office.file(other, content=b"%PDF of the other")
    await _merge(office, other, case)
    await _merge(office, stranger, case, branch="110000")
    files = opened(await zipped(office.house, case, actor=_clerk("", "310000")))
    assert json.loads(files[f"merged/{other.number}/record.json"])["number"] == other.number
    assert b"%PDF of the other" in files.values()
    assert not any(stranger.number in name for name in files), "of another branch"
    assert {"what": "a merged complaint", "why": "not_yours"} in json.loads(files["manifest.json"])["left_out"]


async def test_a_damaged_file_is_left_out_and_said_so(office: Office) -> None:
    case = await full(office)
    sha256 = hashlib.sha256(PDF).hexdigest()
    blobs: Any = office.house.store.blobs
    blobs._path(sha256).unlink()
    files = opened(await zipped(office.house, case))
    assert "damaged" in {each["why"] for each in json.loads(files["manifest.json"])["left_out"]}


async def test_the_same_complaint_makes_the_same_file(office: Office) -> None:
    case = await full(office)
    contents = await take(office.house, SERVICE, case, reason="x", masked=False)
    twice = []
    for _ in range(2):
        async with packed(contents, office.house.store.keyring) as file:
            twice.append(file.read())
    assert twice[0] == twice[1]


async def test_a_page_of_the_timeline_runs_nothing_that_a_customer_wrote(office: Office) -> None:
    case = await office.complaint(matter="<script>alert(1)</script>")
    page = opened(await zipped(office.house, case))["timeline.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


# Verifying


@pytest.fixture
async def path(office: Office, tmp_path: Path) -> Path:
    file = tmp_path / "case.zip"
    file.write_bytes(await zipped(office.house, await full(office)))
    return file


ON_ONE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
Change = Callable[[dict[str, bytes]], Any]


def changed(path: Path, change: Change) -> Path:
    files = files_of(path)
    change(files)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@ON_ONE
async def test_a_file_as_it_was_signed_is_found_to_be_so(office: Office, path: Path) -> None:
    verdict = verify(path, office.house.store.keyring.public_key())
    assert verdict.problems == ()
    assert verdict.files == len(files_of(path)) - 3


@ON_ONE
@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda files: files.update({"record.json": files["record.json"] + b" "}), "record.json: changed"),
        (lambda files: files.update({"record.json": b""}), "record.json: changed"),
        (lambda files: files.pop("audit.json"), "audit.json: missing"),
        (lambda files: files.update({"originals/new.eml": b"x"}), "originals/new.eml: not in the manifest"),
        (lambda files: files.update({"../evil": b"x"}), "../evil: leads out of its folder"),
        (
            lambda files: files.update(
                {"manifest.json": files["manifest.json"].replace(b'"masked": false', b'"masked": true ')}
            ),
            "manifest.sig: does not fit manifest.json",
        ),
        (lambda files: files.update({"manifest.sig": bytes(64)}), "manifest.sig: does not fit manifest.json"),
        (lambda files: files.update({"manifest.json": b"{}"}), "not a case file: KeyError"),
        (lambda files: files.pop("public-key.pem"), "not a case file: KeyError"),
        (lambda files: files.update({"public-key.pem": b"no key"}), "not a case file: NotAKey"),
    ],
)
async def test_whoever_changes_anything_is_found_out(path: Path, change: Change, found: str) -> None:
    assert found in verify(changed(path, change)).problems


@ON_ONE
async def test_a_file_signed_anew_by_somebody_else_is_not_ours(office: Office, path: Path) -> None:
    stranger = Keyring.from_secret(new_secret())

    def forge(files: dict[str, bytes]) -> None:
        files["manifest.sig"] = stranger.sign(files["manifest.json"])
        files["public-key.pem"] = pem(stranger.public_key())

    changed(path, forge)
    assert verify(path).problems == (), "whole, but whose?"
    assert len(verify(path, office.house.store.keyring.public_key()).problems) == 2


@given(data=st.data())
def test_no_broken_zip_breaks_the_checker(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.binary(max_size=200)))
    file = tmp_path_factory.mktemp("broken") / "x.zip"
    file.write_bytes(bytes(content))
    assert verify(file).problems


@ON_ONE
async def test_the_command_says_what_is_wrong_by_its_exit_code(
    office: Office, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = path.with_name("key.pem")
    key.write_bytes(pem(office.house.store.keyring.public_key()))
    assert run(["verify", str(path), "--key", str(key)]) == 0
    assert "as they were signed" in capsys.readouterr().out
    assert run(["verify", str(path)]) == 0
    assert "give --key" in capsys.readouterr().out
    changed(path, lambda files: files.update({"record.json": b"{}"}))
    assert run(["verify", str(path), "--key", str(key)]) == 1
    assert "record.json: changed" in capsys.readouterr().err
    assert run(["verify", str(path.with_name("nowhere.zip"))]) == 1


def test_the_command_tells_the_key_of_this_house(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = base64.urlsafe_b64encode(bytes(32)).decode()
    monkeypatch.setenv("TOUSU_SECRET_KEY", secret)
    assert run(["key"]) == 0
    assert capsys.readouterr().out == pem(Keyring.from_secret(secret).public_key()).decode()


@ON_ONE
@pytest.mark.skipif(shutil.which("openssl") is None, reason="THE README'S COMMAND IS NOT TESTED: no openssl")
async def test_openssl_checks_the_signature_as_the_readme_says(path: Path) -> None:
    folder = path.parent
    for name, content in files_of(path).items():
        if "/" not in name:
            (folder / name).write_bytes(content)
    command = "openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig"
    assert command in (folder / "README.txt").read_text("utf-8")
    done = subprocess.run(command.split(), cwd=folder, capture_output=True, check=False)  # noqa: ASYNC221
    assert done.returncode == 0, done.stderr


def test_a_new_secret_in_front_of_the_ring_keeps_the_key_of_signatures() -> None:
    old, new = new_secret(), new_secret()
    assert Keyring.from_secret(f"{new},{old}").public_key() == Keyring.from_secret(old).public_key()
    assert Keyring.from_secret(new).public_key() != Keyring.from_secret(old).public_key()


@given(st.text())
def test_the_name_of_a_file_never_leads_anywhere(name: str) -> None:
    safe = safe_name(name)
    assert is_inside(f"attachments/{safe}")
    assert len(PurePosixPath(safe).parts) == 1
    assert safe not in ("", ".", "..")
    assert "/" not in safe


def _clerk(*branches: str) -> Actor:
    rights = rights_of(frozenset({Role.OFFICER}))
    return Actor(login="wang", name="王主管", rights=rights, person_id=1, branches=frozenset(branches))


async def _merge(office: Office, other: Case, into: Case, branch: str = "") -> None:
    now = office.house.clock.now()
    link = Link(complaint_id=other.id, other_id=into.id, kind="duplicate", state="merged", at=now, by="wang")
    async with office.house.store.unit() as unit:
        sealed = office.house.store.keyring.seal_json({}, "links.body")
        row = {"complaint_id": link.complaint_id, "other_id": link.other_id, "kind": link.kind, "state": link.state}
        await unit.dossier._line.run(links.insert().values(**row, at=link.at, by=link.by, body=sealed))
        await unit.complaints.set_work(other.id, {"merged_into": into.id, "branch": branch}, now=now)
        await unit.commit()
