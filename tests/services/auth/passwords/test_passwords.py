import threading

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from chassis.errors import Unavailable
from services.auth.passwords import hashes
from services.auth.passwords.hashes import PasswordHashes


def test_what_is_stored_is_argon2id_with_19_mib_and_2_passes() -> None:
    found = extract_parameters(PasswordHashes().hash("a long walk home"))

    assert (found.type, found.memory_cost, found.time_cost, found.parallelism) == (Type.ID, 19 * 1024, 2, 1)


def test_an_unknown_account_costs_a_hash_of_the_same_strength_and_never_matches() -> None:
    ours = PasswordHashes()

    assert ours.match("a long walk home", None) is False
    assert extract_parameters(ours._decoy) == extract_parameters(ours.hash("x"))


def test_few_work_at_once_some_wait_and_the_rest_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, go, working, most = PasswordHashes(), threading.Event(), threading.Semaphore(0), []
    busy = 0

    def slow(self: PasswordHasher, hash: str, password: str) -> bool:  # noqa: A002 - argon2's name
        nonlocal busy
        busy += 1
        most.append(busy)
        working.release()
        go.wait(30)
        busy -= 1
        return True

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    let_in = hashes.MAX_CONCURRENT + hashes.MAX_WAITING
    threads = [threading.Thread(target=ours.match, args=("x", "y")) for _ in range(let_in)]
    for thread in threads:
        thread.start()
    working.acquire(timeout=30)
    while ours._queue.acquire(blocking=False):
        ours._queue.release()

    with pytest.raises(Unavailable):
        ours.match("x", "y")

    go.set()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (let_in, hashes.MAX_CONCURRENT)
    assert ours.match("x", "y") is True
