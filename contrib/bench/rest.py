"""The daemon when nothing happens: memory and wake-ups with one project and with many, and `envd status` between."""

import json
import os
import signal
import time
from pathlib import Path
from statistics import median

from place import PROGRAMS
from rounds import spawn
from table import seconds

TICK = 0.01


class Idle:
    """What a process has used so far: switches to each of its threads, processor time, memory."""

    def __init__(self, process):
        self.switches = {}
        for task in Path(f"/proc/{process}/task").iterdir():
            fields = dict(line.split(":", 1) for line in (task / "status").read_text().splitlines())
            self.switches[task.name] = int(fields["voluntary_ctxt_switches"]) + int(fields["nonvoluntary_ctxt_switches"])
        times = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        self.processor = (int(times[11]) + int(times[12])) * TICK
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
        shares = dict(line.split(":", 1) for line in rollup)
        self.resident = int(fields["VmRSS"].split()[0]) / 1024
        self.own = int(fields["RssAnon"].split()[0]) / 1024
        self.share = int(shares["Pss"].split()[0]) / 1024
        self.peak = int(fields["VmHWM"].split()[0]) / 1024

    def wakeups_since(self, earlier):
        return sum(count - earlier.switches.get(thread, 0) for thread, count in self.switches.items())


def settle(process, patience=15):
    """Waits until nothing ran for five seconds; a daemon that never rests so long is measured as it is."""
    end, quiet, last = time.monotonic() + patience, time.monotonic(), Idle(process)
    while time.monotonic() < end and time.monotonic() - quiet < 5:
        time.sleep(1)
        now = Idle(process)
        if now.wakeups_since(last):
            quiet = time.monotonic()
        last = now


def add_projects(place, numbers, patience):
    """Allows projects with nothing to install, for real, and waits for their environments.

    Gives how many are not ready after `patience` seconds.
    """
    for number in numbers:
        directory = place.projects / f"project-{number}"
        directory.mkdir()
        (directory / "requirements.txt").touch()
        place.envd("allow", at=directory)
    end = time.monotonic() + patience
    while True:
        states = [project["state"] for project in json.loads(place.envd("status", "--all", "--json"))["projects"]]
        if "building" not in states or time.monotonic() > end:
            return sum(state != "ready" for state in states)
        time.sleep(2)


def measure(table, place, quick):
    """Adds the rows, in a place that has no daemon yet."""
    window = 10 if quick else 60
    if add_projects(place, [1], 120):
        raise RuntimeError("the first project did not become ready")
    add_rest(table, place, 1, 0, window)
    ready, unready = grow(place, 1, 100, 100)
    add_status(table, place, ready + unready)
    if not quick:
        ready, unready = grow(place, ready + unready, 1000, 240)
    add_rest(table, place, ready + unready, unready, window)
    add_start(table, place, ready + unready)


def add_start(table, place, projects):
    """From nothing to the answer that tells of all projects: the client starts the daemon and waits for it."""
    costs = []
    for _ in range(3):
        process = place.daemon
        os.kill(process, signal.SIGTERM)
        while Path(f"/proc/{process}").exists():
            time.sleep(0.02)
        environment = place.environment | {"PWD": "/"}
        costs.append(spawn([str(PROGRAMS / "envd"), "status", "--all"], environment))
    table.add(
        f"daemon's start to its first answer, {projects} projects", seconds(median(costs)), "", "", "1 s",
        median(costs) <= 1)


def grow(place, have, most, patience):
    """Adds projects, some at a time, until there are `most` or `patience` seconds have passed: a machine that is
    busy with something else builds few. Gives how many are ready and how many are not."""
    end, unready = time.monotonic() + patience, 0
    while have < most and time.monotonic() < end:
        step = min(25, most - have)
        unready = add_projects(place, range(have + 1, have + step + 1), 60)
        have += step
    return have - unready, unready


def add_rest(table, place, projects, unready, window):
    process = place.daemon
    settle(process)
    before = Idle(process)
    time.sleep(window)
    after = Idle(process)
    wakeups = after.wakeups_since(before)
    noun = "1 project" if projects == 1 else f"{projects} projects"
    if unready:
        noun += f", {unready} of them not ready"
    table.add(
        f"daemon at rest, {noun}: wake-ups in {window} s", f"{wakeups}", "", "", "1 a minute",
        wakeups <= max(1, window // 60))
    table.add("  processor time", f"{(after.processor - before.processor) * 1e3:.0f} ms")
    table.add("  threads", f"{len(after.switches)}")
    table.add("  resident", f"{after.resident:.1f} MiB", "", "", "40 MiB", after.resident <= 40)
    table.add("  of it its own (anonymous)", f"{after.own:.1f} MiB")
    table.add("  proportional share", f"{after.share:.1f} MiB")
    table.add("  resident at most so far", f"{after.peak:.1f} MiB")


def add_status(table, place, projects):
    environment = place.environment | {"PWD": "/"}
    costs = {}
    for name, arguments in {"": ["--all"], ", as JSON": ["--all", "--json"]}.items():
        costs[name] = median(spawn([str(PROGRAMS / "envd"), "status", *arguments], environment) for _ in range(51))
    bare = median(spawn([str(PROGRAMS / "envd"), "version"], environment) for _ in range(51))
    for name, cost in costs.items():
        table.add(
            f"envd status with {projects} projects{name}", seconds(cost), f"envd version {seconds(bare)}",
            f"{cost / bare:.2f}", "20 ms", cost <= 0.02)
