"""Starting and stopping the demo."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway.commands import demo as command
from gateway.operations.demo.stage import open_door
from tests.demo.running import Demo, running_demo

JSON = {"Content-Type": "application/json"}
CALLER = "+85251234567"


pytestmark = pytest.mark.xdist_group("demo")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lives:
    """A demo that was stopped by Ctrl-C in the middle of things, and the next one in its folder."""

    greeting: str
    chat: dict[str, Any]  # all there was to see after a message was written and hours had passed
    telephone: dict[str, Any]  # the caller's, in the middle of a call
    exit_code: int
    url: str  # of the second
    before: dict[str, Any]  # anybody had done anything in the second
    telephone_again: dict[str, Any]


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    folder = tmp_path_factory.mktemp("lives") / "demo"
    with running_demo(folder, "--port", "0") as first:
        openid = _state(first.url)["people"][0]["openid"]
        _post(first.url, "wechat/text", {"openid": openid, "text": "我要投诉你们拖着不理赔"})
        _post(first.url, "time", {"hours": 2})
        chat = _state(first.url)
        _post(first.url, "phone/call", {"caller": CALLER})
        _post(first.url, "phone/say", {"caller": CALLER, "text": "我要投诉你们拖着不理赔"})
        telephone = _telephone(first.url)
        exit_code = first.stop()
    with running_demo(folder, "--port", "0") as second:
        yield Lives(
            greeting=first.greeting,
            chat=chat,
            telephone=telephone,
            exit_code=exit_code,
            url=second.url,
            before=_state(second.url, chat["case"]["number"]),
            telephone_again=_telephone(second.url),
        )
        assert second.stop() == 0


def test_ctrl_c_stops_it_cleanly_and_what_was_said_is_there_the_next_time(lives: Lives) -> None:
    assert "演示" in lives.greeting
    assert lives.exit_code == 0
    person, case = lives.chat["people"][0], lives.chat["case"]
    again = lives.before
    assert [line["text"] for line in again["people"][0]["lines"]] == [line["text"] for line in person["lines"]]
    assert again["case"]["number"] == case["number"]
    assert again["ahead"] >= lives.chat["ahead"]
    _post(lives.url, "wechat/text", {"openid": person["openid"], "text": "我叫张伟"})
    timeline = _state(lives.url, case["number"])["case"]["timeline"]
    heard = [moment["text"] for moment in timeline if moment["kind"] == "heard"]
    assert heard == ["我要投诉你们拖着不理赔", "我叫张伟"]


def test_calls_and_messages_are_there_the_next_time_and_a_cut_off_call_is_over(lives: Lives) -> None:
    before, after = lives.telephone, lives.telephone_again
    assert before["call"]["waits"]["speech"]
    assert after["lines"][: len(before["lines"])] == before["lines"]
    assert after["call"] is None
    _post(lives.url, "phone/call", {"caller": CALLER})
    assert _telephone(lives.url)["call"]["sid"] != before["call"]["sid"]


def test_nobody_stays_on_the_line_while_hours_pass(demo: Demo) -> None:
    _post(demo.url, "phone/call", {"caller": CALLER})
    _post(demo.url, "time", {"hours": 24})
    after = _telephone(demo.url)
    assert after["call"] is None
    assert [line["text"] for line in after["lines"] if line["by"] == "line"] == ["begun", "hung_up"]
    assert _state(demo.url)["calls"][0]["over"]


def test_a_second_demo_takes_the_next_port_and_a_folder_of_its_own(demo: Demo) -> None:
    port = int(demo.url.rpartition(":")[2])
    with running_demo(demo.folder, "--port", str(port)) as second:
        assert second.url != demo.url
        assert f"port {port} is taken" in second.greeting
        assert demo.folder.with_name("demo-2").is_dir()
        assert _state(second.url)["cases"] == []


def test_a_folder_that_the_demo_has_not_made_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert command.run(["--data", str(tmp_path), "--fresh", "--port", "0"]) == 1
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"
    assert "--data" in capsys.readouterr().err


def test_an_occupied_port_gives_way_to_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with open_door(port) as door:
            assert door.getsockname()[1] > port


def test_only_the_page_itself_may_play(demo: Demo) -> None:
    before = _state(demo.url)["ahead"]
    with urllib.request.urlopen(demo.url, timeout=5) as page:
        assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    for headers in ({**JSON, "Host": "attacker.example"}, {**JSON, "Sec-Fetch-Site": "cross-site"}):
        assert _status(demo.url, "time", b'{"hours": 1}', headers) == 403
    assert _status(demo.url, "time", b'{"hours": 1}', {"Content-Type": "text/plain"}) == 415
    assert _state(demo.url)["ahead"] == before


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("time", b"{", 400),
        ("time", b'{"hours": -1}', 400),
        ("time", b'{"hours": NaN}', 400),
        ("time", b'{"hours": 1e300}', 400),
        ("wechat/text", b'{"openid": "nobody", "text": "hello"}', 404),
        ("wechat/picture", b'{"openid": "oDemoLiNa000000000000000002", "file": "gone"}', 404),
        ("mail", b'{"from": "duty@staff.example", "text": "hello"}', 400),
        ("mail", b'{"from": "chen.jing@mail.example", "text": "  "}', 400),
        ("staff/move", b'{"number": "TS000000000000", "status": "ACCEPTED"}', 404),
        ("staff/move", b'{"number": "TS000000000000", "status": "NO_SUCH"}', 400),
        ("staff/done", b'{"id": "none"}', 404),
        ("phone/call", b'{"caller": "+85290000000"}', 404),
        ("phone/say", b'{"caller": "anonymous", "text": "hello"}', 409),
        ("phone/say", b'{"caller": "anonymous", "text": ""}', 400),
        ("phone/say", b'{"caller": "anonymous", "text": "hello", "confidence": "very"}', 400),
        ("phone/press", b'{"caller": "anonymous", "keys": "12ab"}', 400),
        ("phone/pick-up", b'{"caller": "anonymous"}', 409),
        ("phone/decline", b'{"caller": "anonymous"}', 409),
        ("phone/agent", b'{"caller": "anonymous", "answers": true}', 409),
        ("staff/words", b'{"file": "../../tasks", "text": "hello"}', 404),
        ("staff/words", b'{"file": "none", "text": "hello"}', 404),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(demo: Demo, path: str, body: bytes, status: int) -> None:
    assert _status(demo.url, path, body, JSON) == status


def _state(url: str, number: str = "") -> dict[str, Any]:
    """With this case shown, or the one that moved last."""
    with urllib.request.urlopen(f"{url}/sandbox/state?case={number}", timeout=10) as response:
        found: dict[str, Any] = json.load(response)
    return found


def _telephone(url: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in _state(url)["phone"]["callers"] if each["number"] == CALLER)
    return found


def _post(url: str, path: str, asked: dict[str, Any]) -> None:
    assert _status(url, path, json.dumps(asked).encode(), JSON) == 200


def _status(url: str, path: str, body: bytes, headers: dict[str, str]) -> int:
    request = urllib.request.Request(f"{url}/sandbox/{path}", data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
