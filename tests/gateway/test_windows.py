"""What is counted in one window of time, here and by the other gateways."""

import pytest
from limits import parse

from gateway.rate_limits.caller_limits import LimitWindow


def test_what_the_last_window_held_fades(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 6000.0
    monkeypatch.setattr("gateway.rate_limits.caller_limits.time.time", lambda: now)
    window = LimitWindow(parse("10/minute"))
    assert [window.hit("a") is not None for _ in range(11)] == [True] * 10 + [False]
    assert window.hit("b") is not None

    now += 60  # the window before counts whole, then half, then not at all
    assert window.hit("a") is None
    now += 30
    assert [window.hit("a") is not None for _ in range(6)] == [True] * 5 + [False]
    now += 90
    assert [window.hit("a") is not None for _ in range(11)] == [True] * 10 + [False]


def test_what_others_have_counted_counts_here_and_fades_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 6000.0
    monkeypatch.setattr("gateway.rate_limits.caller_limits.time.time", lambda: now)
    window = LimitWindow(parse("10/minute"))
    assert window.hit("a")
    assert window.take_changes() == (100, {"a": 1})
    assert window.take_changes() == (100, {}), "told once"
    window.merge(100, {"a": 7})
    window.merge(99, {"a": 1000})

    assert [window.hit("a") is not None for _ in range(3)] == [True, True, False]
    assert window.take_changes() == (100, {"a": 3})
    assert window.is_exhausted("a")
    now += 60
    assert window.hit("a") is None, "the window before counts whole, and all of it"
    now += 30
    assert [window.hit("a") is not None for _ in range(6)] == [True] * 5 + [False]
