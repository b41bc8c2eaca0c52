"""A throw-away home with a daemon of its own."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

PROGRAMS = Path(__file__).resolve().parents[2] / ".build" / "programs"
HANDED = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir")


class Place:
    """Directories, an environment without the caller's settings, and whatever daemon is started in it.

    Only what reaches the package index (proxies, certificates, UV_*) comes from the caller's environment. The paths
    are about as long as /run/user/1000 and /home/somebody, for shells pay for each character: fish took 300
    instructions for each of a path that it looked at.
    """

    def __init__(self, tools=()):
        self.root = Path(tempfile.mkdtemp(prefix="e-")).resolve()
        self.home = self.root / "home"
        self.runtime = self.root / "r"
        self.projects = self.root / "projects"
        self.bin = self.root / "bin"
        for directory in (self.home, self.runtime, self.projects, self.bin):
            directory.mkdir(mode=0o700)
        for tool in tools:
            (self.bin / tool.name).symlink_to(tool)
        self.cache = self.home / ".cache/envd/engines"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name.lower() in HANDED or name.startswith("UV_") and name not in ("UV_CACHE_DIR", "UV_PYTHON")
        } | {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "TMPDIR": str(self.root),
            "PATH": f"{self.bin}:/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TERM": "xterm",
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def envd(self, *arguments, at="/"):
        """Runs `envd` and gives what it printed; a failure is raised with its words."""
        done = subprocess.run(
            [PROGRAMS / "envd", *map(str, arguments)], cwd=at, env=self.environment | {"PWD": str(at)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise RuntimeError(f"envd {' '.join(map(str, arguments))} in {at}: {done.stderr or done.stdout}")
        return done.stdout

    def project(self, name, requirements):
        """A project, allowed, with its environment built."""
        directory = self.projects / name
        directory.mkdir()
        (directory / "requirements.txt").write_text(requirements)
        self.envd("allow", at=directory)
        self.envd("wait", "--timeout", "300s", at=directory)
        return directory

    @property
    def daemon(self):
        """The daemon's process id, as the state line has it; None where there is no daemon."""
        try:
            process = int((self.runtime / "envd/state").read_text().split()[1])
            os.kill(process, 0)
            return process
        except (OSError, ValueError, IndexError):
            return None

    def stop(self):
        """Ends the daemon that was started here, and only that."""
        process = self.daemon
        if process is None:
            return
        for number, patience in ((signal.SIGTERM, 20), (signal.SIGKILL, 5)):
            try:
                os.kill(process, number)
            except ProcessLookupError:
                return
            end = time.monotonic() + patience
            while time.monotonic() < end and Path(f"/proc/{process}").exists():
                time.sleep(0.05)
