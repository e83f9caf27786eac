"""``demo``: the whole gateway with simulated providers and a sandbox page; ``--script`` plays a scenario instead."""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import shutil
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvloop

from gateway.operations.demo.page import SandboxPage
from gateway.operations.demo.paper import NO_FONTS, has_fonts
from gateway.operations.demo.script.play import play
from gateway.operations.demo.script.stories import STORIES
from gateway.operations.demo.stage import Stage, open_door, open_stage
from gateway.operations.logs import configure_logs
from store.errors import StoreError

MARK = "sandbox"  # a folder without this file was not made by the demo, and is never emptied by it
ROOMS = 20  # demos side by side, each in a folder of its own


def run(argv: Sequence[str]) -> int:
    options = _options(argv)
    configure_logs("error")
    if options.script:
        return _script()
    try:
        with _own_folder(options.data, fresh=options.fresh) as folder:
            uvloop.run(_show(folder, options.port, browse=options.browser))
    except (OSError, StoreError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tousu demo", description=__doc__)
    parser.add_argument("--port", type=_port, default=8080, help="port to listen on, or the next free one")
    parser.add_argument("--data", type=Path, default=Path("var/demo"), help="folder of the demo's data (var/demo)")
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs left there")
    parser.add_argument("--browser", action="store_true", help="open the page in the browser")
    parser.add_argument("--script", action="store_true", help="play a scenario here, exit 1 when a step fails")
    return parser.parse_args(argv)


def _port(words: str) -> int:
    port = int(words)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _script() -> int:
    with tempfile.TemporaryDirectory(prefix="tousu-demo-") as folder:
        return 0 if uvloop.run(play(Path(folder), STORIES, say=lambda line: print(line, flush=True))) else 1


async def _show(folder: Path, port: int, *, browse: bool) -> None:
    door = open_door(port)
    async with open_stage(folder, door, lambda stage: SandboxPage(stage).routes()) as stage:
        await stage.customers.greet()
        _greet(stage, folder, port)
        if browse:
            await asyncio.to_thread(webbrowser.open, stage.url)
        await _told_to_stop()
        print("\n正在停止…  Stopping…", flush=True)


def _greet(stage: Stage, folder: Path, wanted: int) -> None:
    taken = f":{wanted}/" not in f"{stage.url}/" and wanted != 0
    token = stage.gateway.house.settings.api_token.get_secret_value()
    lines = (
        "",
        "  Tousu Gateway 演示 · demo" + (f"   （端口 {wanted} 已被占用 · port {wanted} is taken）" if taken else ""),
        "",
        f"    {stage.url}",
        "",
        "  在浏览器中打开：左边是客户的微信和电话，中间是客户的邮箱和信件，右边是工作人员。",
        "  Open it in a browser: a customer's WeChat and telephone, mail and letters, and the staff's side.",
        "  微信、电话、邮件服务器和收发室是本机模拟的，消息不会离开这台电脑；人和事都是编的。",
        "  The providers and the mailroom are simulated on this machine. Nothing leaves it, nobody in it is real.",
        *_without_fonts(),
        "",
        f"  REST API   {stage.url}/api/v1/openapi.json   Bearer {token}",
        f"  数据 data  {folder}   （--fresh 重新开始 · start over）",
        "  按 Ctrl-C 停止 · press Ctrl-C to stop",
        "",
    )
    print("\n".join(lines), flush=True)


def _without_fonts() -> tuple[str, ...]:
    return () if has_fonts() else ("", f"  ! {NO_FONTS}", "    apt-get install fonts-noto-cjk")


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    await stop.wait()


@contextmanager
def _own_folder(wanted: Path, *, fresh: bool) -> Iterator[Path]:
    """A data folder that no other demo uses: its simulators would get this one's messages. Raises OSError."""
    for number in range(1, ROOMS + 1):
        folder = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{MARK}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            _prepare(folder, fresh=fresh)
            yield folder
            return
    raise OSError(f"{ROOMS} demos are running on {wanted} and its neighbours")


def _prepare(folder: Path, *, fresh: bool) -> None:
    strangers = [path for path in folder.iterdir() if path.name != f"{MARK}.lock"]
    mark = folder / f"{MARK}.md"
    if strangers and not mark.exists():
        raise OSError(f"{folder} holds something that the demo has not made; give it a folder of its own with --data")
    if fresh:
        for path in strangers:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    mark.write_text("Data of `python -m gateway demo`: invented people, safe to delete.\n", encoding="utf-8")
