"""The gateway as the benchmark runs it: the real one on SQLite, WeChat and telephone on, background work running."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import uvloop
from pydantic import SecretStr

from gateway.app import open_gateway
from gateway.background import start_background_work
from gateway.commands.serve import listen
from gateway.operations.logs import configure_logs
from gateway.settings import Settings
from tests.bench import hotline
from tests.bench.account import settings_at

NOWHERE = "http://127.0.0.1:9"


async def main(port: int, folder: Path, wechat: str = NOWHERE, database: str = "") -> None:
    """Print "ready"; on SIGTERM print how many statements were run, and go. ``database``: empty for SQLite."""
    import asyncio

    configure_logs("error")
    settings = Settings(
        data_dir=folder,
        database_url=database,
        **settings_at(wechat),
        phone_account_sid=hotline.ACCOUNT,
        phone_auth_token=SecretStr(hotline.TOKEN),
        phone_number=hotline.NUMBER,
        phone_api_url=NOWHERE,
        phone_record=False,  # recording is asked for beside the answer
        public_url=hotline.PUBLIC,
    )
    async with open_gateway(settings) as gateway:
        runner = await listen(gateway, "127.0.0.1", port)
        await start_background_work(gateway)
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        print("ready", flush=True)
        await stop.wait()
        print(gateway.house.store.statements, flush=True)
        await runner.cleanup()
        await gateway.supervisor.aclose()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
