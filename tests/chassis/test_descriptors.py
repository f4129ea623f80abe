"""A process gets as many file descriptors as it may have, whatever the shell that started it was content with."""

import subprocess
import sys

import pytest

from chassis.process.descriptors import MAX_DESCRIPTORS

PROGRAM = """
import resource, sys
soft, hard = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
from chassis.process.descriptors import raise_limit
print(raise_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(("soft", "hard"), [(256, 1_000), (1_000, 1_000), (64, 900)])
def test_the_soft_limit_is_raised_to_the_hard_one(soft: int, hard: int) -> None:
    command = [sys.executable, "-c", PROGRAM, str(soft), str(hard)]

    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert [int(word) for word in said.split()] == [hard, hard, hard]
    assert hard < MAX_DESCRIPTORS
