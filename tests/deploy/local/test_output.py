"""Whatever the programs say reads alike."""

import io
import json
import os
from pathlib import Path

from deploy.local.output import Output, readable


def test_a_structured_line_reads_as_a_sentence() -> None:
    line = json.dumps(
        {
            "at": "2026-11-22T12:00:00.000+00:00",
            "level": "info",
            "process": "gateway",
            "event": "request",
            "request_id": "0d5c",
            "path": "/api/v1/summary",
            "cache": "hit",
        }
    )

    assert readable(line) == "request path=/api/v1/summary cache=hit"


def test_what_is_worse_than_usual_says_so_and_shows_why() -> None:
    line = json.dumps({"level": "error", "event": "failed", "exception": "Traceback …\nValueError"})

    assert readable(line) == "error failed\nTraceback …\nValueError"


def test_any_other_line_stays_as_it_is() -> None:
    for line in ("Killed", '"text"', "[1, 2]", '{"no": "event"}', "{broken"):
        assert readable(line) == line


def test_every_line_carries_the_name_of_who_said_it() -> None:
    stream = io.StringIO()

    Output(["auth", "gateway"], stream).say("auth", "one\ntwo")

    assert [line.split(maxsplit=1)[1] for line in stream.getvalue().splitlines()] == [
        "auth     one",
        "auth     two",
    ]


def test_only_a_terminal_gets_colours() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        Output(["auth"], stream).say("auth", "words")

    assert "\x1b[" in terminal.getvalue()
    assert "\x1b[" not in file.getvalue()


def test_a_full_disk_costs_lines_and_not_the_rest(tmp_path: Path) -> None:
    """`make run > log`: what is written once there is room again is in the log."""
    log = (tmp_path / "log").open("w+", encoding="utf-8")
    full = os.open("/dev/full", os.O_WRONLY)
    room = os.dup(log.fileno())
    output = Output(["auth"], log)

    os.dup2(full, log.fileno())
    output.say("auth", "lost")
    os.dup2(room, log.fileno())
    output.say("auth", "kept")

    assert (tmp_path / "log").read_text("utf-8").endswith("auth  kept\n")
    for descriptor in (full, room):
        os.close(descriptor)
    log.close()
