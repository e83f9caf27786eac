"""A machine without Chinese fonts: letters are still taken, and what cannot be done says why."""

from __future__ import annotations

from tests.demo.running import run_script

NO_FONTS = """
import asyncio, sys, tempfile
from pathlib import Path

from channels.letter.simulator import fonts

fonts.FOLDER = Path("/nowhere")
fonts._installed = lambda: ()

from gateway.operations.demo.asking import Refusal
from gateway.operations.demo.letter_acts import LetterActs
from gateway.operations.demo.script.play import play
from gateway.operations.demo.script.stories import STORIES
from gateway.operations.demo.stage import open_door, open_stage


async def main(folder):
    async with open_stage(folder / "open", open_door(0)) as stage:
        acts = LetterActs(stage)
        try:
            await acts.write({"text": "我要投诉"})
        except Refusal as refusal:
            print(refusal.status, refusal)
        key = await stage.letters.drop("扫描.pdf", b"%PDF-1.4 broken\\n%%EOF\\n")
        while True:
            async with stage.gateway.house.store.reading() as unit:
                if await unit.ledger.find("letter", key) is not None:
                    break
            await asyncio.sleep(0.05)
        print("taken")
    on_paper = [story for story in STORIES if "来信" in story.title]
    assert on_paper
    sys.exit(0 if await play(folder / "play", on_paper, say=print) else 1)


with tempfile.TemporaryDirectory() as folder:
    asyncio.run(main(Path(folder)))
"""


def test_without_fonts_scans_are_taken_and_the_rest_says_why() -> None:
    played = run_script(NO_FONTS)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "409" in played.stdout
    assert "fonts-noto-cjk is not installed" in played.stdout
    assert "taken" in played.stdout
    assert "SKIPPED" in played.stdout
    assert "Traceback" not in played.stderr
