"""The programs that the benchmark itself needs: what gcc makes of its C, and the real uv."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def compiled(source, program, *options):
    """A C file of this directory, compiled."""
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", *options, "-o", program, HERE / source], check=True)
    return program


def real_uv():
    """The copy that `contrib/scripts/setup bench` installs, else the user's: the program, not a shim before it."""
    own = HERE.parents[1] / ".build/tools/bin/uv"
    if own.exists():
        return own.resolve()
    for python in (sys.executable, "python3"):
        found = subprocess.run(
            [python, "-c", "import uv; print(uv.find_uv_bin())"], capture_output=True, text=True)
        if found.returncode == 0:
            return Path(found.stdout.strip())
    found = shutil.which("uv")
    if found is None or not os.access(found, os.X_OK):
        raise RuntimeError("there is no uv: contrib/scripts/setup bench installs one")
    return Path(found).resolve()
