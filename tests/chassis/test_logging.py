"""A log line is one JSON object, for programs to read."""

import json
import logging

from chassis.logging import JsonFormatter


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
