"""The parts of the API that clients rely on, as lines: one for each path, parameter, field, header, status and event.

"required" after a request's field means that clients must send it, after a response's that it is always there.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from deploy.openapi_events import MEDIA_TYPE

Json = Mapping[str, Any]
_PROBLEM = "application/problem+json"
"""Content type whose fields are the same everywhere."""
_METHODS = ("get", "post", "put", "patch", "delete")


def http_lines(document: Json) -> list[str]:
    """Returns the lines of an OpenAPI document, without names of components and descriptions."""
    lines: list[str] = []
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                call = f"{method.upper()} {path}"
                lines += [call, *(f"{call} {line}" for line in _call(item[method], document))]
    problems = [response["content"].get(_PROBLEM) for response in document["components"]["responses"].values()]
    fields = (_fields(problem["schema"], document, "", ()) for problem in problems if problem)
    return sorted({*lines, *(f"problem {line}" for lines in fields for line in lines)})


def event_lines(document: Json) -> list[str]:
    """Returns the lines of an AsyncAPI document: channels, and the fields of their messages."""
    lines = [f"channel {channel['address']}" for channel in document["channels"].values()]
    for message in document["components"]["messages"].values():
        lines += [f"message {line}" for line in _fields(message["payload"], document, "", ())]
    return sorted(set(lines))


def _call(call: Json, document: Json) -> Iterator[str]:
    for given in call.get("parameters", ()):
        parameter = _resolved(given, document)
        required = " required" if parameter.get("required") else ""
        yield f"parameter {parameter['in']} {parameter['name']}: {_type(parameter['schema'], document)}{required}"
    for media, content in _resolved(call.get("requestBody", {}), document).get("content", {}).items():
        for line in _fields(content.get("schema", {}), document, "", ()):
            yield f"request {media} {line}"
    for status, response in call["responses"].items():
        for line in _response(_resolved(response, document), document):
            yield f"response {status}{line}"


def _response(response: Json, document: Json) -> Iterator[str]:
    yield ""
    for header in response.get("headers", {}):
        yield f" header {header}"
    for media, content in response.get("content", {}).items():
        yield f" {media}"
        schema = content.get("schema", {})
        if media == MEDIA_TYPE:
            yield from (f" {media} {line}" for line in _events(schema, document))
        elif media != _PROBLEM:
            yield from (f" {media} {line}" for line in _fields(schema, document, "", ()))


def _events(schema: Json, document: Json) -> Iterator[str]:
    for event in schema["oneOf"]:
        name = event["properties"]["event"]["const"]
        yield f"event {name}"
        data = event["properties"]["data"]["contentSchema"]
        yield from (f"event {name} {line}" for line in _fields(data, document, "", ()))


def _fields(given: Json, document: Json, at: str, above: tuple[str, ...]) -> Iterator[str]:
    reference = given.get("$ref", "")
    if reference in above:  # a shape that contains itself
        return
    schema, above = _resolved(given, document), (*above, reference) if reference else above
    for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _fields(option, document, at, above)
    if "items" in schema:
        yield from _fields(schema["items"], document, f"{at}[]", above)
    for name, field in schema.get("properties", {}).items():
        required = " required" if name in schema.get("required", ()) else ""
        yield f"{at}.{name}: {_type(field, document)}{required}"
        yield from _fields(field, document, f"{at}.{name}", above)


def _type(given: Json, document: Json) -> str:
    schema = _resolved(given, document)
    for combination in ("anyOf", "oneOf", "allOf"):
        if options := schema.get(combination):
            return "|".join(sorted({_type(option, document) for option in options}))
    if "const" in schema:
        return f"'{schema['const']}'"
    if "enum" in schema:
        return "|".join(sorted(f"'{value}'" for value in schema["enum"]))
    return "-".join(str(schema[key]) for key in ("type", "format") if key in schema) or "any"


def _resolved(given: Json, document: Json) -> Json:
    if "$ref" not in given:
        return given
    node: Any = document
    for part in given["$ref"].removeprefix("#/").split("/"):
        node = node[part]
    return _resolved(node, document)
