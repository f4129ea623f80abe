"""The server-sent events of endpoints that stream, for OpenAPI: names and the schemas of their data."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from contracts.live import LiveKind, LiveState
from services.insights.ask.service import Event
from services.insights.llm.diagnostics import Finding, Verdict

Json = dict[str, Any]

MEDIA_TYPE = "text/event-stream"
_SCHEMAS = "#/components/schemas/{model}"
_EVENTS: Mapping[str, Mapping[str, type[BaseModel]]] = {
    "/api/v1/ask": {model.event: model for model in get_args(Event)},
    "/api/v1/insights/doctor": {model.event: model for model in (Finding, Verdict)},
    "/api/v1/live": {kind.value: LiveState for kind in LiveKind},
}


def event_schema(path: str) -> Json:
    """Returns the schema of one event. `data` is JSON as text. Raises KeyError for an endpoint without events here."""
    return {"oneOf": [_event(name, model) for name, model in _EVENTS[path].items()]}


def event_components() -> Json:
    """Returns the schemas of all data, by name."""
    models = {model for events in _EVENTS.values() for model in events.values()}
    in_order = sorted(models, key=lambda model: model.__name__)
    _, generated = models_json_schema([(model, "serialization") for model in in_order], ref_template=_SCHEMAS)
    schemas: Json = generated["$defs"]
    return schemas


def _event(name: str, model: type[BaseModel]) -> Json:
    data = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": _SCHEMAS.format(model=model.__name__)},
    }
    return {
        "type": "object",
        "properties": {"event": {"const": name}, "data": data},
        "required": ["event", "data"],
    }
