"""A stored document of another version: what is derived is computed anew, what is not is shown as it stands."""

import hashlib
import json
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import BaseModel

from chassis.database.engine import Database
from contracts import response_cache
from services.insights.insights.schemas import Status, StoredInsights
from services.insights.summary.schemas import Summary, Trends
from tests.support.insight_scenario import TODAY, InsightScenario
from tests.support.ledgers import migrated

OTHERS = ["[]", '{"version": 1, "items": []}', '{"version": 3, "items": []}', '{"items": [{"id": 1}]}', "{", ""]

VERSIONS = {
    "stored insights": (2, "16f8808e3b7e"),
    "kept answers": (1, "18643ad87634"),
}
"""The version of each kind of document, and a hash of its shape, without the names of classes.

A change of a shape raises its version.
"""


@pytest.fixture
def scenario(database_url: str) -> Any:
    database: Database = migrated(database_url)
    yield InsightScenario(database)
    database.close()


@pytest.mark.parametrize("document", OTHERS)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_insights_of_another_version_are_computed_anew(
    scenario: InsightScenario, document: str, caplog: pytest.LogCaptureFixture
) -> None:
    scenario.ledger.spend(TODAY, "12.50")
    assert scenario.run() == "done"
    shown = [item.id for item in scenario.read().items]
    with scenario.database.write() as session:
        session.execute(sa.text("UPDATE insights SET items = :items").bindparams(items=document))

    with caplog.at_level("INFO", "services.insights.insights.repository"):
        found = [scenario.read() for _ in range(3)][-1]

    assert (found.status, found.items) == (Status.UPDATING, [])
    assert sum("another version" in record.message for record in caplog.records) == 1
    assert scenario.run() == "done"
    again = scenario.read()
    assert (again.status, [item.id for item in again.items]) == (Status.CURRENT, shown)


def test_a_new_shape_has_a_new_version() -> None:
    shapes = {
        "stored insights": (StoredInsights.model_fields["version"].default, shape_of(StoredInsights)),
        "kept answers": (response_cache.SHAPE, shape_of(Summary, Trends)),
    }

    assert shapes == VERSIONS


def shape_of(*models: type[BaseModel]) -> str:
    schemas = [model.model_json_schema(by_alias=True) for model in models]
    shapes = [_shape(schema, schema.get("$defs", {})) for schema in schemas]
    return hashlib.sha256(json.dumps(shapes, sort_keys=True).encode()).hexdigest()[:12]


def _shape(schema: Any, definitions: dict[str, Any]) -> Any:
    """Without descriptions and without the names of classes, which no document holds."""
    if isinstance(schema, list):
        return [_shape(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if reference := schema.get("$ref"):
        return _shape(definitions[reference.rpartition("/")[2]], definitions)
    ignored = {"description", "title", "examples", "$defs"}
    return {key: _shape(value, definitions) for key, value in schema.items() if key not in ignored}
