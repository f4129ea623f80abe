"""Every module of ours is held by an import law that says what it may import."""

import tomllib
from pathlib import Path
from typing import Any

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contracts", "chassis", "services", "gateway")


@pytest.fixture(scope="module")
def contracts() -> list[dict[str, Any]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found: list[dict[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return found


def folders_of(contract: dict[str, Any]) -> list[str]:
    """The packages and modules that a contract of layers orders."""
    names = [name.strip("() ") for layer in contract["layers"] for name in layer.replace("|", ":").split(":")]
    containers = contract.get("containers", [])
    return [f"{container}.{name}" for container in containers for name in names] if containers else names


def test_every_module_has_its_place_in_a_contract_of_layers(contracts: list[dict[str, Any]]) -> None:
    ordered = {name for contract in contracts if contract["type"] == "layers" for name in folders_of(contract)}
    ordered -= set(PACKAGES) | {f"services.{name}" for name in ("auth", "expenses", "insights")}
    ordered |= {"contracts"}  # one folder of plain words; "The vocabulary knows no machinery" holds it
    modules = {name for name in grimp.build_graph(*PACKAGES).modules if "." in name}

    packages = {name.rpartition(".")[0] for name in modules}
    unheld = {
        name
        for name in modules - packages
        if not any(name == folder or name.startswith(f"{folder}.") for folder in ordered)
    }
    assert unheld == set()


@pytest.mark.parametrize("service", ["services.auth", "services.expenses", "services.insights", "gateway", "chassis"])
def test_a_new_folder_has_to_be_given_its_place(contracts: list[dict[str, Any]], service: str) -> None:
    layers = [contract for contract in contracts if service in contract.get("containers", ())]
    assert any(contract.get("exhaustive") for contract in layers)
