"""Which Node.js is good enough for Vite."""

import pytest

from deploy.local.node import satisfies


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ((20, 18, 9), False),
        ((20, 19, 0), True),
        ((20, 20, 2), True),
        ((21, 7, 0), False),
        ((22, 11, 0), False),
        ((22, 12, 0), True),
        ((26, 0, 0), True),
        ((), False),
    ],
)
def test_the_range_that_vite_names(version: tuple[int, ...], enough: bool) -> None:  # noqa: FBT001
    assert satisfies(version, "^20.19.0 || >=22.12.0") is enough
