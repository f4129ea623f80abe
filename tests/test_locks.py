"""The lock files hold what the pyprojects ask for, and no word of the machine that made them."""

import re

import pytest

from deploy.locks import EVERYTHING, LOCKS, Lock, digest, recorded_digest

PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)
by_path = pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.path)


def pins(lock: Lock) -> set[tuple[str, str]]:
    return {(match[1], match[2]) for match in PINNED.finditer(lock.file().read_text("utf-8"))}


@by_path
def test_a_lock_is_up_to_date(lock: Lock) -> None:
    assert recorded_digest(lock) == digest(lock), f"{lock.path} is out of date: run `make lock`"


@by_path
def test_every_package_has_a_hash(lock: Lock) -> None:
    blocks = PINNED.split(lock.file().read_text("utf-8"))[3::3]

    assert blocks
    assert all("--hash=sha256:" in block for block in blocks)


@by_path
def test_a_lock_names_no_registry_and_no_folder_of_a_machine(lock: Lock) -> None:
    text = lock.file().read_text("utf-8")

    assert not re.search(r"://|^-|(?<!\S)/\w", text, re.MULTILINE)


@pytest.mark.parametrize("lock", [lock for lock in LOCKS if lock.constraint], ids=lambda lock: lock.path)
def test_a_service_runs_the_versions_that_everything_was_tested_with(lock: Lock) -> None:
    assert pins(lock) <= pins(EVERYTHING)
