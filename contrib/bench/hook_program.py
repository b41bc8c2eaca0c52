"""`envd-hook` alone, against C that does the same."""

import os
import subprocess

from place import PROGRAMS
from programs import compiled
from rounds import in_turns, spawn
from table import seconds


def measure(table, place, project, quick):
    """Adds a row for C linked whole, as envd-hook is, and one for C as gcc links it."""
    environment = place.environment | {"PWD": str(project)}
    programs = {
        "envd": str(PROGRAMS / "envd-hook"),
        "C, static": str(compiled("hook.c", place.root / "hook-static", "-static")),
        "C, dynamic": str(compiled("hook.c", place.root / "hook-dynamic")),
    }
    said = {
        name: subprocess.run([program, "ask", "bash"], cwd=project, env=environment, capture_output=True).stdout
        for name, program in programs.items()
    }
    if len(set(said.values())) != 1 or not said["envd"]:
        raise RuntimeError(f"the programs do not say the same: {said}")
    back = os.getcwd()
    os.chdir(project)
    try:
        cost = in_turns(300 if quick else 1500, {
            name: lambda program=program: spawn([program, "ask", "bash"], environment)
            for name, program in programs.items()
        })
    finally:
        os.chdir(back)
    for name in ("C, static", "C, dynamic"):
        ratio = cost["envd"] / cost[name]
        table.add(
            "envd-hook, asking" if name == "C, static" else "", seconds(cost["envd"]), f"{name} {seconds(cost[name])}",
            f"{ratio:.2f}", "1.3 of C", ratio <= 1.3)
