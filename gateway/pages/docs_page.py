"""Generates a page from an OpenAPI document: plain HTML, no script."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")
_SCHEMAS = "#/components/schemas/"
_CODE = re.compile(r"`([^`]+)`")

Json = dict[str, Any]
Row = tuple[str, ...]


def render(document: Json) -> str:
    """The page for an OpenAPI document."""
    info = document["info"]
    groups = list(_groups(_resolved(document, document)))
    links = "".join(f'<a href="#{_slug(tag)}">{escape(tag)}</a>' for tag, _ in groups)
    sections = "".join(
        f'<section id="{_slug(tag)}"><h2>{escape(tag)}</h2>{"".join(calls)}</section>' for tag, calls in groups
    )
    schemas = document.get("components", {}).get("schemas", {})
    shapes = "".join(_shape(name, schema) for name, schema in sorted(schemas.items()))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(info["title"])}</title><link rel="stylesheet" href="/api/docs.css">'
        f'<link rel="icon" href="/favicon.svg"></head><body><header><h1>{escape(info["title"])}</h1>'
        f'{_text(info.get("description", ""))}<nav>{links}<a href="#shapes">Shapes</a>'
        '<a href="/api/openapi.json">OpenAPI document</a></nav></header>'
        f'<main>{sections}<section id="shapes"><h2>Shapes</h2>{shapes}</section></main></body></html>'
    )


def _resolved(node: Any, document: Json) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Replaces every reference except those to schemas, which have their own section."""
    if isinstance(node, list):
        return [_resolved(one, document) for one in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref", _SCHEMAS)
    if not isinstance(reference, str) or reference.startswith(_SCHEMAS):
        return {key: _resolved(one, document) for key, one in node.items()}
    _, _, kind, name = reference.split("/", 3)
    return _resolved(document["components"][kind][name], document)


def _groups(document: Json) -> Iterator[tuple[str, list[str]]]:
    calls_by_tag: dict[str, list[str]] = {tag["name"]: [] for tag in document.get("tags", ())}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                tag = item[method].get("tags", ["Other"])[0]
                calls_by_tag.setdefault(tag, []).append(_call(method, path, item[method]))
    return ((tag, calls) for tag, calls in calls_by_tag.items() if calls)


def _call(method: str, path: str, call: Json) -> str:
    parts = [_text(call.get("description", ""))]
    if parameters := call.get("parameters"):
        parts.append(_table(("Parameter", "In", "Type", "What it means"), map(_parameter, parameters)))
    if body := call.get("requestBody"):
        parts.append(f"<p>Takes {_content(body)}.</p>")
    answers = ((status, _content(one), one.get("description", "")) for status, one in call["responses"].items())
    parts.append(_table(("Status", "Response", "When"), answers))
    title = f'<b class="{method}">{method.upper()}</b> <code>{escape(path)}</code>'
    return _details(call.get("operationId", ""), f"{title} <span>{escape(call.get('summary', ''))}</span>", parts)


def _parameter(one: Json) -> Row:
    return one["name"], one["in"], _type(one.get("schema", {})), one.get("description", "")


def _shape(name: str, schema: Json) -> str:
    needed = set(schema.get("required", ()))
    rows = (
        (field, _type(one), "yes" if field in needed else "", one.get("description", ""))
        for field, one in schema.get("properties", {}).items()
    )
    table = _table(("Field", "Type", "Needed", "What it means"), rows) if "properties" in schema else _type(schema)
    return _details(name, f"<code>{escape(name)}</code>", [_text(schema.get("description", "")), table])


def _details(name: str, summary: str, parts: Iterable[str]) -> str:
    # The id is on the content, so that a link to it opens the element.
    return f'<details><summary>{summary}</summary><div id="{escape(name)}">{"".join(parts)}</div></details>'


def _type(schema: Json) -> str:
    """A schema in a word or two, as HTML."""
    if reference := schema.get("$ref"):
        name = escape(reference.removeprefix(_SCHEMAS))
        return f'<a href="#{name}">{name}</a>'
    for combination in ("anyOf", "oneOf", "allOf"):
        if options := schema.get(combination):
            return " or ".join(dict.fromkeys(map(_type, options)))
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(one))}</code>" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(" ".join(str(schema[key]) for key in ("type", "format") if key in schema)) or "anything"


def _content(holder: Json) -> str:
    content = holder.get("content", {})
    return " or ".join(dict.fromkeys(_type(one.get("schema", {})) for one in content.values())) or "nothing"


def _table(head: Iterable[str], rows: Iterable[Row]) -> str:
    heads = "".join(f"<th>{name}</th>" for name in head)
    body = "".join(
        f"<tr><td><code>{escape(row[0])}</code></td>"
        + "".join(f"<td>{cell}</td>" for cell in row[1:-1])
        + f"<td>{_inline(row[-1])}</td></tr>"
        for row in rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _text(text: str) -> str:
    return "".join(f"<p>{_inline(part)}</p>" for part in text.split("\n\n") if part.strip())


def _inline(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _slug(tag: str) -> str:
    return escape(tag.lower().replace(" ", "-"))
