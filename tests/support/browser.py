"""A real Chromium: the machine's own, else the one in an npm package that needs no system package."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from deploy.local.node import find_node
from deploy.local.workshop import WORKSHOP, alone

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKAGE = Path(__file__).parent / "chromium"
_UNPACK = "import('@sparticuz/chromium').then(c => c.default.executablePath()).then(p => console.log(p))"


@contextmanager
def real_browser() -> Iterator[Browser]:
    """Headless, and with none of the package's own arguments: they switch off CORS, which tests need."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


def find_chromium() -> str:
    """The path of its program, fetched where the machine has none."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None) or _from_npm()


def _from_npm() -> str:
    folder = WORKSHOP / "chromium"
    node = find_node()
    with alone():
        folder.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_PACKAGE / name, folder / name)
        if not (folder / "node_modules").exists():
            node.run_npm("ci", "--no-audit", "--no-fund", folder=folder)
        unpacked = subprocess.run(
            ["node", "--eval", _UNPACK],
            cwd=folder,
            env={"PATH": node.path},
            capture_output=True,
            text=True,
            check=True,
        )
    return unpacked.stdout.strip()
