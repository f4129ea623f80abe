"""The virtual environment `.venv`, which has exactly the packages of the lock files."""

import platform
import sys

from deploy.local.tools import find_uv, run
from deploy.local.workshop import ROOT, fingerprint, forget, is_done, note_done, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
_RUNTIME = [
    ROOT / folder / "requirements.lock"
    for folder in ("services/auth", "services/expenses", "services/insights", "gateway")
]
_EVERYTHING = [ROOT / "requirements.lock"]
_STEP = "python-packages"


def install(*, everything: bool) -> None:
    """Installs what the services need; with `everything`, what tests and checks need too."""
    whole = fingerprint(_EVERYTHING, "everything", platform.python_version())
    if PYTHON.exists() and is_done(_STEP, whole):
        return  # has everything already
    mark = whole if everything else fingerprint(_RUNTIME, "runtime", platform.python_version())
    if PYTHON.exists() and is_done(_STEP, mark):
        return
    say("Installing the Python packages into .venv (this takes a minute the first time) …")
    forget(_STEP)
    uv = find_uv()
    if not _runs_this_python():
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)])
    locks = [str(lock) for lock in (_EVERYTHING if everything else _RUNTIME)]
    options = ["--python", str(PYTHON), "--require-hashes", "--compile-bytecode", "--quiet"]
    run([uv, "pip", "sync", *options, *locks])
    note_done(_STEP, mark)


def _runs_this_python() -> bool:
    """Whether the environment exists, and was created for the current Python."""
    settings = VENV / "pyvenv.cfg"
    if not (settings.exists() and PYTHON.exists()):
        return False
    return f"version_info = {platform.python_version()}" in settings.read_text("utf-8")
