"""A sampled mutation run: what is changed, what becomes of it, and that the tree itself stays as it is."""

from pathlib import Path

import pytest

from tests.mutation.__main__ import main
from tests.mutation.mutants import mutants_of
from tests.mutation.runs import UnfitTestsError, _exit_code, mirroring_tests, sample

BOUNDS = '''"""Amounts."""

HIGHEST = 10


def check(amount: int) -> bool:
    if not amount:
        raise ValueError(f"{amount + 1} — no amount")
    return amount <= HIGHEST
'''
TEST = """from purse.bounds import check


def test_the_highest_amount_is_still_one() -> None:
    assert check(10)
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one package, and with a test that says little about it."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take longer to load than all these tests
    for name, text in {"purse/bounds.py": BOUNDS, "tests/purse/test_bounds.py": TEST, "purse/__init__.py": ""}.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n', "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("a < b <= c", ["a <= b <= c", "a < b < c"]),
        ("a is None", ["a is not None"]),
        ("a in b", ["a not in b"]),
        ("a + b - c", ["a - b - c", "a + b + c"]),
        ("not a", ["a"]),
        ("a = True", ["a = False"]),
        ("a = 41", ["a = 42"]),
        ("raise ValueError", ["pass"]),
        ("def a():\n    return b", ["def a():\n    return None"]),
        ("def a():\n    return None", []),
        ("a: Literal[1] = b", []),
        ('f"{a + 1}"', []),
        ('"""1 + 1"""', []),
        ('"é", a == b', ['"é", a != b']),
    ],
)
def test_a_mutant_differs_in_one_small_way(source: str, changes: list[str]) -> None:
    assert sorted(mutant.text for mutant in mutants_of(source)) == sorted(changes)


def test_the_sample_depends_on_the_seed_alone(tree: Path) -> None:
    first = sample(tree, "purse/bounds.py", 1)

    assert first == sample(tree, "purse", 1)
    assert first != sample(tree, "purse", 2)
    assert sorted(first) == sorted(sample(tree, "purse", 2))


def test_what_no_test_notices_is_printed_with_its_line(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    score = main(["purse/bounds.py", "--minutes", "1"], tree)

    assert sorted(capsys.readouterr().out.splitlines()) == [
        "purse/bounds.py:3  10  ->  11",
        "purse/bounds.py:8  raise ValueError(f'{amount + 1} — no amount')  ->  pass",
    ]
    assert score == "3 of 5 mutants were noticed by tests/purse."
    assert (tree / "purse/bounds.py").read_text("utf-8") == BOUNDS


def test_a_mutant_that_never_ends_is_stopped_with_what_it_started_and_counts_as_noticed(
    tree: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    monkeypatch.setattr("tests.mutation.runs._START", 0.5)
    loop = "def check(amount: int) -> int:\n    while amount:\n        amount = amount - 5\n    return amount == 0\n"
    (tree / "purse/bounds.py").write_text(loop, "utf-8")
    folder = tmp_path_factory.mktemp("server")
    fixture = f"""
import pathlib, pytest

@pytest.fixture(autouse=True, scope="session")
def server():
    folder = pathlib.Path({str(folder)!r})
    (folder / "started").touch()
    yield
    (folder / "stopped").touch()
"""
    (tree / "tests/purse/conftest.py").write_text(fixture, "utf-8")
    mutant = next(mutant for mutant in mutants_of(loop) if mutant.after == "amount + 5")
    (tree / "purse/bounds.py").write_text(mutant.text, "utf-8")

    for timeout in (1.0, 5.0, 30.0):  # until it is long enough for this machine to start the tests
        assert _exit_code(tree, ["tests/purse"], timeout) is None
        if (folder / "started").exists():
            break
    assert (folder / "stopped").exists()

    (tree / "purse/bounds.py").write_text(loop, "utf-8")
    assert main(["purse/bounds.py", "--minutes", "1"], tree).endswith(" mutants were noticed by tests/purse.")
    assert "amount + 5" not in capsys.readouterr().out


def test_no_mutant_runs_once_the_time_is_up(tree: Path) -> None:
    assert main(["purse/bounds.py", "--minutes", "0"], tree) == "0 of 0 mutants were noticed by tests/purse."


def test_tests_that_fail_or_are_missing_say_nothing_about_mutants(tree: Path) -> None:
    assert mirroring_tests(tree, "purse/bounds.py") == "tests/purse"
    with pytest.raises(UnfitTestsError, match="mirrors"):
        mirroring_tests(tree, "elsewhere/bounds.py")
    (tree / "tests/purse/test_bounds.py").write_text("", "utf-8")
    with pytest.raises(UnfitTestsError, match="no tests"):
        main(["purse/bounds.py"], tree)
    (tree / "tests/purse/test_bounds.py").write_text("def test_it() -> None:\n    assert False\n", "utf-8")
    with pytest.raises(UnfitTestsError, match="fail without"):
        main(["purse/bounds.py"], tree)
