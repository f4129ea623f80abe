"""The web app: its packages, and the built files that the gateway serves."""

from collections.abc import Iterator
from pathlib import Path

from deploy.local.node import WEB, find_node
from deploy.local.workshop import fingerprint, forget, is_done, note_done, say

_PACKAGES, _BUILD = "web-packages", "web-build"
_NOT_SOURCES = {"node_modules", "dist", "tests"}


def install() -> None:
    mark = fingerprint([WEB / "package-lock.json"])
    if (WEB / "node_modules").exists() and is_done(_PACKAGES, mark):
        return
    node = find_node()
    say("Installing the web app's packages …")
    forget(_PACKAGES)
    node.run_npm("ci", "--no-audit", "--no-fund")
    note_done(_PACKAGES, mark)


def build() -> None:
    mark = fingerprint(_sources())
    if (WEB / "dist" / "index.html").exists() and is_done(_BUILD, mark):
        return
    install()
    say("Building the web app …")
    forget(_BUILD)
    find_node().run_npm("run", "build")
    note_done(_BUILD, mark)


def _sources(folder: Path = WEB) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _NOT_SOURCES or path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _sources(path)
        else:
            yield path
