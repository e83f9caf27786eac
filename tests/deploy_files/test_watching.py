"""The dashboard and the alarms ask for numbers that a gateway truly serves, in words that Prometheus takes."""

from __future__ import annotations

import importlib
import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from gateway.app import open_gateway
from gateway.operations.metrics import REGISTRY
from gateway.settings import Settings
from tests.deploy_files.promql import NoQuery, parse

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
FROM_PROMETHEUS = {"up"}  # what it says itself of whom it asks
ITS_LABELS = {"instance", "job"}
yaml = importlib.import_module("yaml")  # it ships no types


def dashboard() -> Any:
    return json.loads((DEPLOY / "grafana" / "tousu.json").read_text("utf-8"))


def rules() -> list[Any]:
    told = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))
    return [rule for group in told["groups"] for rule in group["rules"]]


def queries() -> Iterator[tuple[str, str]]:
    """Where it stands, and the query."""
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


@pytest.fixture
async def served(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[set[str]]:
    """The names of all rows of /metrics, by their types: a row without labels comes only once it was counted."""
    shutil.copy(sqlite_template, tmp_path / "tousu.db")
    given = {"data_dir": tmp_path, "database_url": f"sqlite+aiosqlite:///{tmp_path / 'tousu.db'}"}
    async with open_gateway(Settings.model_validate(given)) as gateway, TestClient(TestServer(gateway.app)) as client:
        yield {*_names(await (await client.get("/metrics")).text())}


def _names(metrics: str) -> Iterator[str]:
    for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", metrics, re.M):
        yield name
        if kind == "histogram":
            yield from (f"{name}_{part}" for part in ("bucket", "sum", "count"))


def labels_of() -> Mapping[str, set[str]]:
    """By each name under which a metric of ours is served."""
    found = {}
    for collector, names in REGISTRY._collector_to_names.items():
        found.update({key: {*vars(collector).get("_labelnames", ())} for key in names})
    return found


async def test_every_query_asks_for_what_metrics_serves(served: set[str]) -> None:
    labels = labels_of()
    for place, query in queries():
        asked = parse(query).labels
        grouped = asked.pop("", set())
        assert asked.keys() - FROM_PROMETHEUS <= served, (place, query)
        for name, by in asked.items():
            assert by <= labels.get(name, set()) | ITS_LABELS, (place, name)
        known = set().union(*(labels.get(name, set()) for name in asked)) | ITS_LABELS
        assert grouped <= known, (place, query)


@pytest.mark.parametrize(
    "query",
    [
        "sum by (x (a)",
        "rate(a)",
        "a ==",
        "a{b=1}",
        "increase(a[5 minutes])",
        'a{b="c"',
        "a b",
        "max(",
        "sum(a))",
        "$a",
    ],
)
def test_what_prometheus_would_refuse_is_refused(query: str) -> None:
    with pytest.raises(NoQuery):
        parse(query)


def test_every_alarm_says_how_urgent_it_is_and_what_it_means() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len({*names}) == len(names)
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
        assert re.fullmatch(r"\d+[smhd]", rule.get("for", "1m"))
        told = {*re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])}
        asked = parse(rule["expr"]).labels
        assert told <= asked.get("", set()) | ITS_LABELS | set().union(
            *(labels_of().get(name, set()) for name in asked)
        )


def test_the_panels_of_the_dashboard_lie_side_by_side() -> None:
    told = dashboard()
    assert len({panel["id"] for panel in told["panels"]}) == len(told["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in told["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        taken |= cells
