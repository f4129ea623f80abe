"""The parts of the API that clients rely on, as lines: one for each path, parameter, field, header and status."""

from collections.abc import Iterator, Mapping
from typing import Any

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
        for line in _fields(content.get("schema", {}), document, "", (), required=True):
            yield f"request {media} {line}"
    for status, given in call["responses"].items():
        response = _resolved(given, document)
        yield f"response {status}"
        for header in response.get("headers", {}):
            yield f"response {status} header {header}"
        for media, content in response.get("content", {}).items():
            yield f"response {status} {media}"
            for line in () if media == _PROBLEM else _fields(content.get("schema", {}), document, "", ()):
                yield f"response {status} {media} {line}"


def _fields(given: Json, document: Json, at: str, above: tuple[str, ...], *, required: bool = False) -> Iterator[str]:
    reference = given.get("$ref", "")
    if reference in above:  # a shape that contains itself
        return
    schema, above = _resolved(given, document), (*above, reference) if reference else above
    for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _fields(option, document, at, above, required=required)
    if "items" in schema:
        yield from _fields(schema["items"], document, f"{at}[]", above, required=required)
    for name, field in schema.get("properties", {}).items():
        needed = " required" if required and name in schema.get("required", ()) else ""
        yield f"{at}.{name}: {_type(field, document)}{needed}"
        yield from _fields(field, document, f"{at}.{name}", above, required=required)


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
