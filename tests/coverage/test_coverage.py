"""What `make coverage` prints, from coverage's own report."""

from tests.coverage.__main__ import table


def test_the_share_of_a_package_is_that_of_all_its_files() -> None:
    files = {
        "services/auth/app.py": {"summary": {"num_statements": 10, "covered_lines": 10}},
        "services/auth/mail/sender.py": {"summary": {"num_statements": 30, "covered_lines": 20}},
        "services/auth/mail/__init__.py": {"summary": {"num_statements": 0, "covered_lines": 0}},
        "contracts/money.py": {"summary": {"num_statements": 10, "covered_lines": 5}},
    }

    assert table(files) == [
        "all                          70.0%     15 of 50 lines not run",
        "contracts                    50.0%      5 of 10 lines not run",
        "services/auth                75.0%     10 of 40 lines not run",
    ]
