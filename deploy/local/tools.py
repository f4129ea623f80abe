"""Programs that set-up needs: the machine's own, otherwise fetched in the version of tools.lock."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.local.refusal import RefusalError
from deploy.local.workshop import ROOT, WORKSHOP, say

LOCK = ROOT / "deploy" / "local" / "tools.lock"
NO_VENV = (
    "Outlay needs uv, or Python's venv module to fetch it with: install uv (https://docs.astral.sh/uv), "
    "or on Debian and Ubuntu run `apt install python3-venv`; then try again."
)

_CERTIFICATES = ("/etc/ssl/certs", "/etc/pki/tls/certs")


def locked(name: str) -> str:
    """Returns a tool's requirement with its hashes, from tools.lock."""
    match = re.search(rf"^{re.escape(name)}==(?:.*\\\n)+.*$", LOCK.read_text("utf-8"), re.MULTILINE)
    if match is None:
        raise RefusalError(f"{LOCK.name} does not name {name}: run `make lock`.")
    return match[0] + "\n"


def run(command: list[str], *, folder: Path = ROOT, path: str | None = None, quiet: bool = True) -> None:
    """Runs a step of set-up. The output of a quiet one is shown only if it fails."""
    environment = {**trust(), **os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    environment |= {"PATH": path} if path else {}
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        check=False,
    )
    if done.returncode:
        shown = " ".join(Path(word).name if os.sep in word else word for word in command[:4])
        output = f"{(done.stdout or '').strip()}\n\n".lstrip()
        raise RefusalError(f"{output}This step failed: {shown} … (its output is above).")


def trust() -> dict[str, str]:
    """Has uv and npm trust whom the machine trusts: a company's network may have an authority of its own.

    uv then goes by the machine's certificates alone, so not where there are none.
    """
    if sys.platform != "darwin" and not any(any(Path(folder).glob("*")) for folder in _CERTIFICATES):
        return {}
    return {"UV_SYSTEM_CERTS": "1", "NODE_USE_SYSTEM_CA": "1"}


def find_uv() -> str:
    """Returns the uv on PATH, or one in a virtual environment of its own."""
    on_path = shutil.which("uv")
    if on_path:
        return on_path
    home = WORKSHOP / "tools"
    uv = home / "bin" / "uv"
    if not uv.exists():
        say("Fetching uv, which installs the Python packages …")
        try:
            run([sys.executable, "-m", "venv", str(home)])
        except RefusalError as error:
            shutil.rmtree(home, ignore_errors=True)
            raise RefusalError(NO_VENV) from error
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
        run([*pip, "--require-hashes", "-r", str(requirement("uv"))])
    return str(uv)


def fetch(name: str, target: Path, *options: str) -> None:
    """Unpacks a locked wheel into a folder of its own, completely or not at all."""
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    command = [find_uv(), "pip", "install", "--quiet", "--target", str(draft), "--no-deps"]
    run([*command, "--only-binary", ":all:", *options, "--require-hashes", "-r", str(requirement(name))])
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def requirement(name: str) -> Path:
    """Returns the path of a requirements file with the locked tool."""
    file = WORKSHOP / "done" / f"{name}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(locked(name), "utf-8")
    return file
