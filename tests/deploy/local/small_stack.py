"""A stack of tiny programs under the real supervisor, run as a process of its own by the tests.

`python -m tests.deploy.local.small_stack <folder>`: each program writes its pid into the folder; `parent`
starts a grandchild of the supervisor that does so too; `broken` never gets that far.
"""

import sys
from pathlib import Path

from deploy.local.output import Output
from deploy.local.program import Program
from deploy.local.refusal import plainly
from deploy.local.supervisor import Supervisor


def programs(folder: Path) -> list[Program]:
    sleep = "echo $$ > {0}.new; mv {0}.new {0}; exec sleep 600"
    gives_up = f"[ ! -e '{folder / 'gives up'}' ] || {{ echo '{{\"event\": \"The disk is full.\"}}'; exit 78; }}; "
    scripts = {
        "parent": f"sh -c '{sleep.format(folder / 'grandchild')}' & echo $$ > {folder / 'parent'}; wait",
        "other": "echo my last words; " + sleep.format(folder / "other"),
        "broken": "echo the reason; " + gives_up + "exit 3",
        "late": sleep.format(folder / "late"),
    }
    return [
        Program(
            name,
            ("/bin/sh", "-c", script),
            {"PATH": "/usr/bin:/bin"},
            later=name == "late",
            quiet=name == "other",
        )
        for name, script in scripts.items()
    ]


def main(folder: Path) -> None:
    stack = programs(folder)
    output = Output([program.name for program in stack])
    Supervisor(stack, output).run(
        lambda: (
            all((folder / name).exists() for name in ("parent", "grandchild", "other"))
            and not (folder / "gives up").exists()
        ),
        lambda: output.announce("ready"),
    )


if __name__ == "__main__":
    sys.exit(plainly(lambda: main(Path(sys.argv[1]))))
