"""The description of the API is that of the code, whole, and of nothing that is not for the public."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.openapi import DOCUMENT, build, main, text_of
from gateway.routes import NAMED_ROUTES, SAFE_METHODS, find

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build()


def calls(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield path, method, item[method]


def test_the_document_in_the_repository_is_up_to_date(document: dict[str, Any]) -> None:
    assert DOCUMENT.read_text("utf-8") == text_of(document)
    assert main(["--check"]) == 0


def test_drift_is_noticed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("deploy.openapi_parts.DESCRIPTION", "another")
    monkeypatch.setattr("deploy.openapi.DESCRIPTION", "another")

    assert main(["--check"]) == 1
    assert "make client" in capsys.readouterr().err


def test_every_described_call_gets_through_the_gateway_and_none_is_internal(document: dict[str, Any]) -> None:
    described = {(method.upper(), path) for path, method, _ in calls(document)}

    assert len(described) > 15
    assert set(NAMED_ROUTES) <= described
    assert [path for _, path in described if find(re.sub(r"\{\w+\}", "x", path)) is None] == []
    assert [path for _, path in described if "internal" in path] == []


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = set(re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', text_of(document)))

    assert len(found) > 40
    assert {(kind, name) for kind, name in found if name not in document["components"][kind]} == set()


def test_errors_are_problem_documents(document: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, _, call in calls(document):
        failing = {status for status in call["responses"] if status >= "4"}
        assert failing >= {"400", "429", "503"}, path
        for status in failing:
            assert call["responses"][status] == {"$ref": f"#/components/responses/{status}"}


def test_what_is_open_to_everyone_is_little(document: dict[str, Any]) -> None:
    open_calls = {path for path, _, call in calls(document) if call["security"] == []}

    assert open_calls == {
        *("/api/v1/auth/register", "/api/v1/auth/login", "/api/v1/auth/logout"),
        *("/api/v1/auth/options", "/api/v1/auth/reset-request", "/api/v1/auth/reset"),
        *("/.well-known/jwks.json", "/api/v1/erasures/{receipt}"),
    }


def test_every_call_has_a_name_of_its_own_and_a_place(document: dict[str, Any]) -> None:
    names = [call["operationId"] for _, _, call in calls(document)]
    tags = {tag["name"] for tag in document["tags"]}

    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)
    assert all(set(call["tags"]) <= tags and call["summary"] for _, _, call in calls(document))


def test_browsers_are_told_what_to_send(document: dict[str, Any]) -> None:
    for path, method, call in calls(document):
        asked = [one.get("$ref", "") for one in call.get("parameters", [])]
        assert ("#/components/parameters/Outlay-Client" in asked) == (method.upper() not in SAFE_METHODS), path
