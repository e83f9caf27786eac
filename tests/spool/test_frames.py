"""What a damaged file still tells: never a wrong record, and of a torn one all but the tail."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.spool.frames import DROPPED, RECORD, frame, scan
from gateway.spool.segment import Segment
from store.crypto import Keyring, new_secret
from store.errors import Damaged

FEW = settings(max_examples=40)
BODIES = st.lists(st.binary(max_size=60), min_size=1, max_size=8)
KEYS = Keyring.from_secret(new_secret())


def file_of(bodies: list[bytes]) -> bytes:
    return b"".join(frame(RECORD, number, body) for number, body in enumerate(bodies, 1))


def read(content: bytes) -> list[tuple[int, bytes]]:
    return [(each.number, content[each.start : each.end]) for each in scan(content).frames]


@FEW
@given(BODIES)
def test_all_that_was_written_is_read(bodies: list[bytes]) -> None:
    content = file_of(bodies)
    assert read(content) == list(enumerate(bodies, 1))
    assert scan(content).end == len(content)
    assert scan(content).gaps == 0


@FEW
@given(BODIES, st.data())
def test_a_file_cut_anywhere_loses_only_its_tail(bodies: list[bytes], data: st.DataObject) -> None:
    content = file_of(bodies)
    cut = data.draw(st.integers(0, len(content)))
    found = read(content[:cut])
    assert found == list(enumerate(bodies, 1))[: len(found)]
    whole = [len(file_of(bodies[:count])) for count in range(len(bodies) + 1)]
    assert len(found) == max(count for count, end in enumerate(whole) if end <= cut)


@FEW
@given(BODIES, st.data())
def test_a_flipped_byte_spoils_no_more_than_its_own_record(bodies: list[bytes], data: st.DataObject) -> None:
    content = bytearray(file_of(bodies))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    found = read(bytes(content))
    assert set(found) <= set(enumerate(bodies, 1))
    assert len(found) >= len(bodies) - 1


@FEW
@given(BODIES, st.binary(max_size=200))
def test_rubbish_behind_what_was_written_is_no_record(bodies: list[bytes], rubbish: bytes) -> None:
    content = file_of(bodies)
    assert read(content + rubbish) == list(enumerate(bodies, 1))
    assert scan(content + rubbish).end == len(content)


def test_what_is_damaged_between_whole_records_is_seen() -> None:
    content = bytearray(file_of([b"one", b"two", b"three"]))
    content[len(frame(RECORD, 1, b"one")) + 26] ^= 1
    assert scan(bytes(content)).gaps == 1
    assert [number for number, _ in read(bytes(content))] == [1, 3]


def test_that_a_record_is_wanted_no_more_is_a_frame_of_its_own() -> None:
    assert [each.what for each in scan(frame(RECORD, 1, b"x") + frame(DROPPED, 1)).frames] == [RECORD, DROPPED]


# -- sealed, in a real file --------------------------------------------------------------------------------------------


def written(folder: Path, contents: list[bytes]) -> Path:
    segment = Segment.create(folder, KEYS)
    for content in contents:
        segment.put(content)
    segment.sync()
    segment.close()
    return segment.path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(contents=BODIES, data=st.data())
def test_whatever_becomes_of_a_file_no_wrong_record_opens(
    tmp_path: Path, contents: list[bytes], data: st.DataObject
) -> None:
    path = written(tmp_path, contents)
    content = bytearray(path.read_bytes())
    del content[data.draw(st.integers(0, len(content))) :]
    for place in data.draw(st.lists(st.integers(0, max(len(content) - 1, 0)), max_size=3)):
        if content:
            content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    segment = Segment.adopt(path, KEYS)
    assert segment is not None
    for number in list(segment.wanted):
        assert segment.read(number) == contents[number - 1]
    segment.remove()


def test_a_record_put_into_another_file_does_not_open(tmp_path: Path) -> None:
    one, other = written(tmp_path, [b"of one"]), written(tmp_path, [b"of another"])
    other.write_bytes(one.read_bytes())
    segment = Segment.adopt(other, KEYS)
    assert segment is not None
    with pytest.raises(Damaged):
        segment.read(1)
    segment.close()


def test_what_was_torn_is_cut_off_and_written_over(tmp_path: Path) -> None:
    path = written(tmp_path, [b"whole", b"torn"])
    path.write_bytes(path.read_bytes()[:-3])
    segment = Segment.adopt(path, KEYS)
    assert segment is not None
    number = segment.put(b"after the crash")
    assert [segment.read(each) for each in segment.wanted] == [b"whole", b"after the crash"]
    assert number == 2
    segment.close()


def test_a_file_that_somebody_holds_is_left_to_them(tmp_path: Path) -> None:
    held = Segment.create(tmp_path, KEYS)
    assert Segment.adopt(held.path, KEYS) is None
    held.close()
    taken = Segment.adopt(held.path, KEYS)
    assert taken is not None
    taken.remove()
    assert Segment.adopt(held.path, KEYS) is None
