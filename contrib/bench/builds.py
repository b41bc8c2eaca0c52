"""From a saved manifest to its environment: beside the bare engine, and where it was built before."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from statistics import median

from events import Events
from table import seconds

SMALL = "requests==2.32.3\n"
LARGE = SMALL + "django==5.1.4\nsympy==1.13.3\nmpmath==1.3.0\nrich==13.9.4\n"
PINS = ["3.10", "3.9", "3.8", "3.7", "3.6", "3.4", "3.3", "3.2", "3.1", "3.0", "2.10"]


class BareEngine:
    """uv as envd calls it, without envd: compile, venv --seed, pip sync; the cache is the same."""

    def __init__(self, place, uv, project):
        self.place, self.uv, self.project = place, uv, project
        self.scratch = place.root / "bare"
        self.environment = place.environment | {
            "UV_CACHE_DIR": str(place.cache / "uv"), "UV_NO_PROGRESS": "1", "NO_COLOR": "1",
        }
        self.pins = ""

    def run(self, *arguments):
        done = subprocess.run(
            [self.uv, *map(str, arguments)], cwd=self.scratch, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"uv {' '.join(map(str, arguments))}: {done.stderr}")

    def build(self, content, offline=True):
        """Seconds for one environment from scratch; the versions of the one before are preferred."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()
        source = self.scratch / "manifest" / "requirements.txt"
        source.parent.mkdir()
        source.write_text(content)
        chosen, prefix = self.scratch / "requirements.txt", self.scratch / "prefix"
        chosen.write_text(self.pins)
        python = ["--python", "/usr/bin/python3"]
        shared = ["--project", source.parent]
        without = ["--offline"] if offline else []
        begin = time.monotonic()
        self.run(
            "pip", "compile", source, *shared, *python, "--generate-hashes", "--no-header", "--no-annotate",
            "--no-emit-index-url", "--no-emit-find-links", "--no-emit-build-options", "--no-emit-index-annotation",
            "--no-universal", "--strip-markers", "--strip-extras", "--quiet", "--output-file", chosen)
        self.run("venv", "--seed", *without, "--no-project", *shared, *python, "--prompt", "bare", prefix)
        into = ["--python", prefix / "bin/python"]
        self.run("pip", "sync", *shared, *into, "--require-hashes", chosen, *without)
        cost = time.monotonic() - begin
        self.pins = "".join(f"{pin}\n" for pin in re.findall(r"^[^\s#]+==[^\s\\]+", chosen.read_text(), re.M))
        return cost


class Watched:
    """An allowed project whose manifest is saved, and the moments of what follows."""

    def __init__(self, place, directory):
        self.place, self.directory = place, directory
        identity = next((place.home / ".local/share/envd/projects").glob(f"{directory.name}-*"))
        self.link = identity / "current"
        self.log = place.home / ".local/state/envd/logs" / f"{identity.name.rsplit('-', 1)[1]}.log"
        self.times = place.cache / "uv-times"
        self.events = Events(identity, place.runtime / "envd", self.log.parent)

    def save(self, content):
        """Saves as editors do, by rename, and waits until shells are told of the new environment.

        Gives the moments of: `saved`, `told` (the last state line before the link), `current` (the link), and of each
        line of the build's log by its first words.
        """
        self.events.forget()
        new = self.directory / "requirements.txt.new"
        new.write_text(content)
        moments, lines = {"saved": time.monotonic()}, 0
        os.rename(new, self.directory / "requirements.txt")
        for moment, directory, name in self.events.until(time.monotonic() + 120):
            if name == "current":
                moments["current"] = moment
                moments.setdefault("told", moment)
                break
            elif name == "state":
                moments["told"] = moment
            elif directory == self.log.parent and name == self.log.name:
                written = self.log.read_text().splitlines()
                if len(written) < lines or not lines:
                    lines = 0
                for line in written[lines:]:
                    # Behind the time.
                    moments[" ".join(line.split()[1:3])] = moment
                lines = len(written)
        return moments

    def engine_commands(self, begin):
        """What uv did since the moment `begin`: (begin, end, status, words)."""
        commands = []
        for line in self.times.read_text().splitlines():
            started, ended, status, words = line.split(" ", 3)
            if int(started) / 1e9 >= begin:
                commands.append((int(started) / 1e9, int(ended) / 1e9, int(status), words))
        return commands

    def parts(self, moments):
        """Where the time of one build went."""
        commands = self.engine_commands(moments["saved"])
        work = [one for one in commands if one[3].split()[0] in ("pip", "venv", "lock", "export")]
        engine = sum(end - begin for begin, end, _, _ in work)
        first, last = work[0][0], work[-1][1]
        linked = moments.get("linked the", last)
        record = written_at(self.link.resolve() / ".envd/generation.json")
        ready = moments["ready after"]
        return {
            "total": moments["told"] - moments["saved"],
            "until the build begins": moments["building `" + self.directory.name + "`"] - moments["saved"],
            "finding uv and python": first - moments["building `" + self.directory.name + "`"],
            "engine": engine,
            "between uv's commands": last - first - engine,
            "bytecode links": linked - last,
            "verification": max(0.0, record - linked),
            "sync": max(0.0, ready - max(record, linked)),
            "switch and publication": moments["told"] - ready,
            "uv calls": len(work),
        }

    def files_linked(self):
        found = re.search(r"bytecode of (\d+) files", self.log.read_text())
        return int(found[1]) if found else 0


def written_at(file):
    """When a file was written, on the monotonic clock; as coarse as the kernel's tick."""
    return os.stat(file).st_mtime_ns / 1e9 - (time.time() - time.monotonic())


def measure(table, place, uv, quick):
    """Adds the rows for a small project, for one of thousands of files, and for ways back."""
    pins = PINS[:6] if quick else PINS
    small, watched = measure_edits(table, place, uv, "small", SMALL, pins, "a manifest saved → current")
    measure_returns(table, watched, SMALL, pins)
    if not quick:
        measure_edits(table, place, uv, "large", LARGE, pins[:6], "the same, with thousands of files")
    return small


def measure_edits(table, place, uv, name, base, pins, title):
    bare = BareEngine(place, uv, place.projects / name)
    place.cache.mkdir(parents=True, exist_ok=True)
    for pin in pins:
        bare.build(base + f"idna=={pin}\n", offline=False)
    project = place.project(name, base + f"idna=={pins[0]}\n")
    watched = Watched(place, project)
    # Bytecode as use of the environment leaves it: what is there is linked into later generations.
    subprocess.run(
        [watched.link / "bin/python", "-m", "compileall", "-qq", watched.link.resolve()], env=place.environment)
    alone, builds, linked = [], [], []
    for turn, pin in enumerate(pins[1:]):
        content = base + f"idna=={pin}\n"
        if turn % 2:
            alone.append(bare.build(content))
        moments = watched.save(content)
        builds.append(watched.parts(moments))
        linked.append(watched.files_linked())
        if not turn % 2:
            alone.append(bare.build(content))
    middle = {part: median(build[part] for build in builds) for part in builds[0]}
    beside = ("bytecode links", "verification", "sync")
    more = median(
        build["total"] - sum(build[part] for part in beside) - cost for build, cost in zip(builds, alone))
    table.add(
        title, seconds(middle["total"]), f"bare uv {seconds(median(alone))}",
        f"{middle['total'] / median(alone):.2f}")
    table.add(
        "  more than bare uv, less the three below", seconds(more), "", "", "150 ms", more <= 0.15)
    three = median(sum(build[part] for part in beside) for build in builds)
    files = int(median(linked))
    for part in beside:
        table.add(f"  {part}" + (f", {files} files" if part == beside[0] else ""), seconds(middle[part]))
    table.add(
        "  these three", seconds(three), "", "", "500 ms for 5,000 files", three <= 0.5)
    for part in ("until the build begins", "finding uv and python", "between uv's commands", "switch and publication"):
        table.add(f"  of it: {part}", seconds(middle[part]))
    table.add(
        f"  of it: uv under envd, {middle['uv calls']:.0f} calls", seconds(middle["engine"]),
        f"bare uv {seconds(median(alone))}", f"{middle['engine'] / median(alone):.2f}")
    return project, watched


def measure_returns(table, watched, base, pins):
    costs = []
    for pin in (pins[-2], pins[-1]) * 4:
        moments = watched.save(base + f"idna=={pin}\n")
        if any(words.split()[0] == "pip" for _, _, _, words in watched.engine_commands(moments["saved"])):
            raise RuntimeError("an engine ran on the way back to an earlier spec")
        costs.append(moments["told"] - moments["saved"])
    cost = median(costs)
    table.add("back to a spec that was built before", seconds(cost), "", "", "150 ms", cost <= 0.15)
