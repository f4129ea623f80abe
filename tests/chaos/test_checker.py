"""The checker itself: a small history in which nothing is wrong, and what it says when one thing in it is."""

import json
from collections.abc import Callable

import pytest

from tests.chaos.checker import KINDS, check
from tests.chaos.history import Event
from tests.chaos.small_history import entry, expense, image, small_history


@pytest.fixture
def events() -> list[Event]:
    return small_history()


def test_where_nothing_is_wrong_nothing_is_said(events: list[Event]) -> None:
    assert check(events) == []


def lose_an_entry(events: list[Event]) -> None:
    del events[-2]["journal"][2]


def write_twice(events: list[Event]) -> None:
    again = entry(4, [expense("x", image("12.50", "c/2"), image("12.50", "c/2"))], "correct_expense")
    events[-2]["journal"].append({**again, "request_id": "r3"})


def write_of_unknown_account(events: list[Event]) -> None:
    events[-2]["journal"][2]["request_id"] = "unheard-of"


def write_another_amount(events: list[Event]) -> None:
    events[2]["asked"]["amount"] = "13.50"


def refuse_what_is_written(events: list[Event]) -> None:
    events[3] |= {"kind": "fail", "status": 409}


def answer_older_than_asked(events: list[Event]) -> None:
    events[4]["minimum"] = 4


def number_a_later_write_lower(events: list[Event]) -> None:
    events[0]["t"] = 4


def forget_a_revision(events: list[Event]) -> None:
    events[5] |= {"kind": "fail", "status": 412}


def change_a_before_image(events: list[Event]) -> None:
    events[-2]["journal"][2]["pairs"][0]["before"]["amount"] = "9.00"


def break_the_chain(events: list[Event]) -> None:
    events[-2]["journal"][2]["previous"] = "another"


def show_an_older_total(events: list[Event]) -> None:
    events[5]["body"] = events[5]["body"].replace("12.50", "10.00")


def show_another_total_in_the_end(events: list[Event]) -> None:
    events[-2]["summary"] = events[-2]["summary"].replace("12.50", "10.00")


def drift(events: list[Event]) -> None:
    events[-2]["audit"]["drifts"] = 1


def stay_stale_at_rest(events: list[Event]) -> None:
    events[6] |= {"fresh": False, "seen": 2}


def notice_of_unknown_account(events: list[Event]) -> None:
    events[6] |= {"heard": False, "told": 2}


def leave_something_unannounced(events: list[Event]) -> None:
    events[-1]["wrong"] = ["outlay_entries_not_announced is 3 at rest"]


def break_down(events: list[Event]) -> None:
    events[3] |= {"kind": "unknown", "status": 500}


@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        (lose_an_entry, "lost"),
        (write_twice, "twice"),
        (write_of_unknown_account, "phantom"),
        (write_another_amount, "phantom"),
        (refuse_what_is_written, "phantom"),
        (answer_older_than_asked, "backwards"),
        (number_a_later_write_lower, "backwards"),
        (forget_a_revision, "lost"),
        (change_a_before_image, "journal"),
        (break_the_chain, "journal"),
        (show_an_older_total, "stale own write"),
        (show_another_total_in_the_end, "wrong total"),
        (drift, "wrong total"),
        (stay_stale_at_rest, "late"),
        (notice_of_unknown_account, "late"),
        (leave_something_unannounced, "late"),
        (break_down, "broken"),
    ],
)
def test_what_is_wrong_is_said(events: list[Event], harm: Callable[[list[Event]], None], kind: str) -> None:
    harmed: list[Event] = json.loads(json.dumps(events))
    harm(harmed)
    assert kind in KINDS
    assert kind in {finding.kind for finding in check(harmed)}
