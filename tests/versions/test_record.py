"""`make fixture` works for this very tree: its fixture will be wanted after the next change."""

import json
from pathlib import Path

import pytest

from deploy.local.workshop import ROOT
from tests.support.databases import SqliteDatabases
from tests.support.redis import RedisServer
from tests.versions.dumps import SERVICES
from tests.versions.record import record
from tests.versions.test_versions import upgraded_from

pytestmark = pytest.mark.stack


def test_a_fixture_of_this_version_holds_a_whole_story(tmp_path: Path, shared_redis: RedisServer) -> None:
    urls = {service: f"sqlite:///{tmp_path / service}.sqlite" for service in SERVICES}
    record(ROOT, "now", tmp_path / "now", urls, "sqlite")

    facts = json.loads((tmp_path / "now" / "sqlite" / "facts.json").read_text("utf-8"))
    assert {"book", "shared", "erased", "insights", "token", "people", "secret_key"} <= set(facts)
    shared_redis.clear()
    with upgraded_from(tmp_path / "now", SqliteDatabases(tmp_path), shared_redis.url) as running:
        assert running.services.auth.refresh(facts["people"]["bob"]["refresh"]).status == 200
