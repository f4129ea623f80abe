"""Generates docs/asyncapi.json, the description of streams and channels, from contracts/.

Command: `python -m deploy.asyncapi`.

With `--check` it writes nothing, and fails where the document is out of date.
"""

import sys
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from contracts.book import IMAGES
from contracts.identity_journal import IDENTITY, IDENTITY_IMAGES, IDENTITY_STREAM
from contracts.journal import (
    LIVE_CHANNEL,
    MAX_ANNOUNCED_BYTES,
    READER_GROUP,
    Change,
    JournalEntry,
    StreamMessage,
    journal_stream,
)
from contracts.live import LiveKind, LiveNotice, LiveState
from deploy.local.workshop import ROOT
from deploy.openapi import text_of, version

DOCUMENT = ROOT / "docs" / "asyncapi.json"

Json = dict[str, Any]

DESCRIPTION = """\
What Outlay's processes tell each other over Redis, and browsers over HTTP.

Redis may lose any of it at any moment. Every message says how far a ledger has come, so one that was missed is healed \
by comparing revisions, and one that comes twice or late does no harm. Fields may be added; nothing is taken away."""

_SCHEMAS = "#/components/schemas/{model}"
_EVENTS = "/api/v1/live"


def build() -> Json:
    """Returns the document."""
    channels = {"journal": _journal(), "identity": _identity(), "live": _live(), "events": _events()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Outlay: streams and channels", "version": version(), "description": DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {
            "redis": {
                "host": "localhost:6379",
                "protocol": "redis",
                "description": "REDIS_URL; 6.2 or newer, or Valkey.",
            },
            "gateway": {"host": "localhost:8000", "protocol": "http", "description": "The only public endpoint."},
        },
        "channels": channels,
        "operations": {
            "announceEntries": _operation("send", "journal", "The relay of expenses, after a commit."),
            "takeEntriesIn": _operation(
                "receive",
                "journal",
                f"The consumer of insights, as the group `{READER_GROUP}`, without acknowledgement.",
            ),
            "announceIdentity": _operation("send", "identity", "The relay of auth, after a commit."),
            "refuseTokens": _operation("receive", "identity", "Every gateway: all of it, without a group."),
            "tellBrowsers": _operation("send", "live", "Consumer, API and worker of insights, after a commit."),
            "hearNotices": _operation("receive", "live", "Every API process of insights."),
            "followLedger": _operation("send", "events", "The API of insights, through the gateway."),
        },
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def _journal() -> Json:
    address = journal_stream(0).replace("{p0}", "{partition}")
    return {
        "address": address,
        "title": "The book's journal",
        "description": "A Redis stream. All entries of a ledger are on one partition, in the order of their revisions.",
        "servers": [{"$ref": "#/servers/redis"}],
        "parameters": {
            "partition": {
                "description": "`{p0}` up to one less than STREAM_PARTITIONS; the braces, a hash tag, are part of it.",
                "default": "{p0}",
                "examples": ["{p0}", "{p1}"],
            }
        },
        "messages": {"entry": {"$ref": "#/components/messages/entry"}},
    }


def _identity() -> Json:
    return {
        "address": IDENTITY_STREAM,
        "title": "The journal of identity",
        "description": f"A Redis stream: what became of sessions, accounts and roles. Its ledger is always {IDENTITY}.",
        "servers": [{"$ref": "#/servers/redis"}],
        "messages": {"entry": {"$ref": "#/components/messages/entry"}},
    }


def _live() -> Json:
    return {
        "address": LIVE_CHANNEL,
        "title": "Live notices",
        "description": "Redis pub/sub.",
        "servers": [{"$ref": "#/servers/redis"}],
        "messages": {"notice": {"$ref": "#/components/messages/notice"}},
    }


def _events() -> Json:
    return {
        "address": _EVENTS,
        "title": "Live updates",
        "description": "Server-sent events: the revisions of totals and insights, on changes and every 15 seconds.",
        "servers": [{"$ref": "#/servers/gateway"}],
        "messages": {kind.value: {"$ref": f"#/components/messages/{kind.value}"} for kind in LiveKind},
    }


def _operation(action: str, channel: str, description: str) -> Json:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "description": description}


def _messages() -> Json:
    named = {
        LiveKind.REVISION: "The ledger's totals stand at this revision.",
        LiveKind.INSIGHTS: "These insights can be read; they were computed at this revision, and stored then.",
    }
    events = {kind.value: _message(f"Event `{kind}`: {text}", LiveState.__name__) for kind, text in named.items()}
    return {
        "entry": _message("The fields of one stream message: a ledger has a new revision.", "StreamMessageFields"),
        "notice": _message("A ledger's totals or its insights have moved.", LiveNotice.__name__),
        **events,
    }


def _message(summary: str, schema: str) -> Json:
    return {"summary": summary, "payload": {"$ref": _SCHEMAS.format(model=schema)}}


def _schemas() -> Json:
    images = {**IMAGES, **IDENTITY_IMAGES}
    models: list[type[BaseModel]] = [JournalEntry, LiveNotice, LiveState, *images.values()]
    _, generated = models_json_schema([(model, "serialization") for model in models], ref_template=_SCHEMAS)
    schemas: Json = generated["$defs"] | {"StreamMessageFields": _stream_message_fields()}
    schemas[Change.__name__]["allOf"] = [_images_of(kind, model) for kind, model in images.items()]
    return {name: schemas[name] for name in sorted(schemas)}


def _stream_message_fields() -> Json:
    """Returns the schema of a message in Redis, where every field is text."""
    fields = StreamMessage.model_json_schema(mode="serialization")
    entry = {
        "description": f"The entry itself, where it is no longer than {MAX_ANNOUNCED_BYTES:,} bytes.",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": _SCHEMAS.format(model=JournalEntry.__name__)},
    }
    known: dict[str, Json] = {"ledger": {"format": "uuid"}, "revision": {"pattern": "^[1-9][0-9]*$"}, "entry": entry}
    return {
        "type": "object",
        "description": fields["description"],
        "properties": {name: {"type": "string", **known[name]} for name in fields["properties"]},
        "required": fields["required"],
    }


def _images_of(kind: str, model: type[BaseModel]) -> Json:
    image = {"oneOf": [{"$ref": _SCHEMAS.format(model=model.__name__)}, {"type": "null"}]}
    this_kind = {"properties": {"kind": {"const": kind}}}
    return {"if": this_kind, "then": {"properties": {"before": image, "after": image}}}


def main(arguments: list[str]) -> int:
    """Writes the document, or checks it."""
    text = text_of(build())
    if "--check" in arguments:
        if DOCUMENT.exists() and DOCUMENT.read_text("utf-8") == text:
            return 0
        print("docs/asyncapi.json is out of date: run `make client`.", file=sys.stderr)
        return 1
    DOCUMENT.write_text(text, "utf-8")
    print(f"Wrote {DOCUMENT.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
