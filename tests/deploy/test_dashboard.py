"""The dashboard asks only for metrics that some process has, under labels that they bear."""

import ast
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import yaml

from deploy.locks import ROOT

GRAFANA = ROOT / "deploy" / "grafana"
DASHBOARD = json.loads((GRAFANA / "dashboards" / "outlay.json").read_text("utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]
SAMPLES = {"Counter": ("_total",), "Gauge": ("",), "Histogram": ("_bucket", "_sum", "_count")}
FROM_PROMETHEUS = {"process", "job", "instance", "le"}
NOT_OURS = {"up", "process_resident_memory_bytes"}

each_query = pytest.mark.parametrize(("panel", "query"), QUERIES)


class Metric(NamedTuple):
    kind: str
    name: str
    labels: frozenset[str]


def metrics() -> Iterator[Metric]:
    """Every metric that our code makes, as it stands in the source."""
    for file in itertools.chain.from_iterable((ROOT / top).rglob("*.py") for top in ("chassis", "services", "gateway")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAMPLES):
                continue
            if len(node.args) > 1:  # collections.Counter counts without a name
                name, _, *labels = (ast.literal_eval(argument) for argument in node.args)
                yield Metric(node.func.id, name, frozenset(labels[0] if labels else ()))


KNOWN = {metric.name + end: metric for metric in metrics() for end in SAMPLES[metric.kind]}


def names_in(query: str) -> set[str]:
    return set(re.findall(r"\b(?:outlay|process)_\w+|\bup\b", query))


def test_the_code_has_metrics_at_all() -> None:
    assert {"outlay_http_requests_total", "outlay_cache_answers_total", "outlay_entries_behind"} <= KNOWN.keys()


@each_query
def test_a_query_asks_for_metrics_that_exist(panel: str, query: str) -> None:
    assert names_in(query)
    assert names_in(query) <= KNOWN.keys() | NOT_OURS, panel


@each_query
def test_a_query_uses_labels_that_its_metrics_bear(panel: str, query: str) -> None:
    grouped = {label.strip() for found in re.findall(r"\bby \(([^)]*)\)", query) for label in found.split(",")}
    matched = set(re.findall(r"[{,]\s*(\w+)\s*(?:=~|!~|!=|=)", query))
    borne = FROM_PROMETHEUS.union(*(KNOWN[name].labels for name in names_in(query) - NOT_OURS))
    assert grouped | matched <= borne, panel


@each_query
def test_what_only_ever_grows_is_asked_for_by_its_rate(panel: str, query: str) -> None:
    for name in names_in(query) - NOT_OURS:
        if KNOWN[name].kind != "Gauge":
            assert re.search(rf"(rate|increase)\({name}({{[^}}]*}})?\[\$__rate_interval\]\)", query), panel


def test_a_figure_without_a_measurement_is_a_dash() -> None:
    """At rest a ratio and a quantile are 0 / 0, which Grafana would show as NaN."""
    for panel in PANELS:
        if panel["type"] == "stat" and re.search(r"\) / |quantile", panel["targets"][0]["expr"]):
            (mapping,) = panel["fieldConfig"]["defaults"]["mappings"]
            assert (mapping["options"]["match"], mapping["options"]["result"]["text"]) == ("null+nan", "–"), panel[
                "title"
            ]


def test_it_shows_what_an_operator_asks_first() -> None:
    shown = set().union(*(names_in(query) for _, query in QUERIES))
    assert shown >= {
        "up",
        "outlay_http_requests_total",
        "outlay_http_request_duration_seconds_bucket",
        "outlay_cache_answers_total",
        "outlay_entries_behind",
        "outlay_entries_not_announced",
        "outlay_insight_jobs_due",
        "outlay_insight_runs_total",
    }
    assert any('status=~"5.."' in query for _, query in QUERIES)


def test_panels_have_their_own_place_and_say_what_they_show() -> None:
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert all(panel["title"] and panel["description"] for panel in PANELS)
    assert all(target["legendFormat"] for panel in PANELS for target in panel["targets"])
    taken = [cell for panel in DASHBOARD["panels"] for cell in cells(panel["gridPos"])]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


def cells(place: dict[str, int]) -> Iterator[tuple[int, int]]:
    columns = range(place["x"], place["x"] + place["w"])
    return itertools.product(columns, range(place["y"], place["y"] + place["h"]))


def test_its_datasource_and_its_folder_are_the_provisioned_ones() -> None:
    (source,) = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text("utf-8"))["datasources"]
    (provider,) = yaml.safe_load((GRAFANA / "provisioning/dashboards/outlay.yml").read_text("utf-8"))["providers"]
    asked: list[dict[str, Any]] = [part for panel in PANELS for part in (panel, *panel["targets"])]
    assert {part["datasource"]["uid"] for part in asked} == {source["uid"]}

    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    mounts = [volume.split(":")[:2] for volume in compose["grafana"]["volumes"]]
    assert ["./deploy/grafana/dashboards", provider["options"]["path"]] in mounts
    assert ["./deploy/grafana/provisioning", "/etc/grafana/provisioning"] in mounts
    assert source["url"] == "http://prometheus:9090"
