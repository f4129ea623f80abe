"""One thread at a time for each key, and nothing left behind."""

import threading
from uuid import UUID, uuid4

from chassis.background.single_flight import SingleFlight
from tests.support.waiting import until


def test_one_thread_at_a_time_holds_a_key() -> None:
    flights, key = SingleFlight(), uuid4()
    inside, most = 0, 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            with flights.acquire(key, 30) as acquired:
                assert acquired
                with guard:
                    inside += 1
                    most = max(most, inside)
                with guard:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, len(flights)) == (1, 0)


def test_keys_do_not_wait_for_each_other_and_leave_nothing() -> None:
    flights = SingleFlight()
    with flights.acquire(uuid4(), 0) as one, flights.acquire(uuid4(), 0) as other:
        assert (one, other, len(flights)) == (True, True, 2)
    for _ in range(1_000):
        with flights.acquire(uuid4(), 0):
            pass
    assert len(flights) == 0


def test_a_key_that_is_held_for_too_long_is_not_acquired_and_stays_held() -> None:
    flights, key = SingleFlight(), uuid4()
    found: list[bool] = []

    def look(key: UUID) -> None:
        with flights.acquire(key, 0) as acquired:
            found.append(acquired)

    with flights.acquire(key, 0):
        look(key)
        look(key)
        waiting = threading.Thread(target=look, args=(key,))
        waiting.start()
        until(lambda: len(found) == 3, what="the third to give up")
        waiting.join()
    look(key)
    assert found == [False, False, False, True]
    assert len(flights) == 0
