"""A log line is one JSON object, for programs to read."""

import json
import logging
import subprocess
import sys
from pathlib import Path

from chassis.process.logging import JsonFormatter


def test_a_line_says_its_event_once_and_in_one_colour() -> None:
    record = logging.makeLogRecord({"msg": "Started [%d]", "args": (7,), "levelname": "INFO"})
    record.__dict__ |= {"color_message": "Started [\x1b[36m%d\x1b[0m]", "port": 8000}

    line = json.loads(JsonFormatter("gateway").format(record))

    assert {key: line[key] for key in line.keys() - {"at"}} == {
        "level": "info",
        "process": "gateway",
        "event": "Started [7]",
        "port": 8000,
    }


def test_a_line_that_finds_no_room_is_lost_without_a_traceback() -> None:
    program = "from chassis.process import logging; logging.configure('auth'); logging.logging.warning('lost')"
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert "Logging error" not in ended.stderr
    assert "Traceback" not in ended.stderr
