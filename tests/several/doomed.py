"""A worker in a process of its own: claims what is due, says so, and is killed with it in hand.

Environment: TOUSU_DATABASE_URL, TOUSU_SECRET_KEY, TOUSU_DATA_DIR. Arguments: seconds of a parcel's lease and a file's.
Knows the store only: the rest of the gateway takes longer to import than to kill.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

from store.blobs import FolderBlobs
from store.crypto import Keyring
from store.unit import Store
from tests.store.things import NOW


async def claim_and_wait(parcels_for: timedelta, files_for: timedelta) -> None:
    keyring = Keyring.from_secret(os.environ["TOUSU_SECRET_KEY"])
    blobs = FolderBlobs(Path(os.environ["TOUSU_DATA_DIR"]), keyring)
    store = await Store.open(os.environ["TOUSU_DATABASE_URL"], keyring, blobs)
    async with store.unit() as unit:
        parcels = await unit.outbox.claim(NOW, lease=parcels_for, limit=5, channels=("wechat",))
        files = await unit.files.claim(NOW, lease=files_for, limit=5, channels=("wechat",))
        await unit.commit()
    sys.stdout.write(f"{len(parcels)} parcels, {len(files)} files\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(claim_and_wait(*[timedelta(seconds=float(told)) for told in sys.argv[1:]]))
