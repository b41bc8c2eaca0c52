"""An idle prompt, a cd into and out of a ready project, and a cd that must ask: in bash, zsh and fish."""

import os
import subprocess
import time
from pathlib import Path

from place import PROGRAMS
from rounds import in_turns
from table import seconds

HERE = Path(__file__).resolve().parent
COMMANDS = {
    "bash": ["bash", "--norc", "-i", "-c", 'source "$0" "$@"'],
    "zsh": ["zsh", "-f", "-i", "-c", 'source "$0" "$@"'],
    "fish": ["fish", "--no-config", "-i", "-c"],
}


class Shell:
    """An interactive shell that runs loops on request; times are taken here, for no shell has the same clock."""

    def __init__(self, name, hook, place, project, asking):
        loop = str(HERE / f"loop.{name}")
        arguments = [hook, str(project), str(place.projects), str(asking)]
        command = COMMANDS[name] + ([f"source {loop} $argv"] if name == "fish" else [loop]) + arguments
        self.process = subprocess.Popen(
            command, cwd=place.projects, env=place.environment | {"PWD": str(place.projects)}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
        self.worked = {}

    def do(self, request, count=0, start=0):
        """Asks for a loop; gives what VIRTUAL_ENV is after it."""
        self.process.stdin.write(f"{request} {count} {start}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer:
            raise RuntimeError(f"{self.process.args[0]} ended at `{request}`")
        return answer

    def cost(self, request, count, start=0):
        busy, begin = self.processor_ticks(), time.perf_counter()
        self.do(request, count, start)
        cost = (time.perf_counter() - begin) / count
        ticks, loops = self.worked.get(request, (0, 0))
        self.worked[request] = ticks + self.processor_ticks() - busy, loops + count
        return cost

    def processor_ticks(self):
        """What the shell and its ended children had of the processors; their kernel's part with it."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(map(int, fields[11:15]))

    def processor_time(self, request):
        """Seconds for one loop, a mean over all rounds: ticks are too coarse for one of them."""
        ticks, loops = self.worked[request]
        return ticks / loops / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


def measure(table, place, project, quick):
    """Adds the rows of all three shells. `project` is ready."""
    prefix = (next((place.home / ".local/share/envd/projects").glob(f"{project.name}-*")) / "current").resolve()
    (project / ".envrc").write_text(
        f"PATH_add {prefix}/bin\nexport VIRTUAL_ENV={prefix} VIRTUAL_ENV_PROMPT={project.name}\n"
        f"export UV_PROJECT_ENVIRONMENT={prefix}\nunset PYTHONHOME\n")
    subprocess.run(["direnv", "allow"], cwd=project, env=place.environment, check=True, capture_output=True)
    for name in COMMANDS:
        try:
            measure_shell(table, place, project, prefix, name, quick)
        except (OSError, RuntimeError, subprocess.SubprocessError) as failure:
            table.failures.append(f"{name}: {failure}")


def measure_shell(table, place, project, prefix, name, quick):
    rounds = 7 if quick else 21
    asked = 20
    asking = place.projects / f"asking-{name}"
    for number in range(1, asked * (rounds + 1) + 1):
        (asking / str(number)).mkdir(parents=True)
        (asking / str(number) / "requirements.txt").touch()
    hooks = {"bare": "bare", "envd": f"{PROGRAMS}/envd hook {name}", "direnv": f"direnv hook {name}"}
    shells = {}
    try:
        for who, hook in hooks.items():
            shells[who] = Shell(name, hook, place, project, asking)
            found = shells[who].do("enter")
            if found != ("none" if who == "bare" else str(prefix)):
                raise RuntimeError(f"{who} has VIRTUAL_ENV={found} in the project")
        prompt = in_turns(rounds, {
            "bare": lambda: shells["bare"].cost("prompt", 500),
            "envd": lambda: shells["envd"].cost("prompt", 500),
            "direnv": lambda: shells["direnv"].cost("prompt", 10),
            "true": lambda: shells["bare"].cost("true", 50),
        })
        for who, shell in shells.items():
            if (found := shell.do("leave")) != "none":
                raise RuntimeError(f"{who} has VIRTUAL_ENV={found} outside")
        switch = in_turns(rounds, {
            "bare": lambda: shells["bare"].cost("switch", 200),
            "envd": lambda: shells["envd"].cost("switch", 100),
            "direnv": lambda: shells["direnv"].cost("switch", 5),
            "true": lambda: shells["bare"].cost("true", 50),
        })
        fresh = iter(range(1, asked * (rounds + 1) + 1, asked))
        ask = in_turns(rounds, {
            "bare": lambda: shells["bare"].cost("switch", 200),
            "envd": lambda: shells["envd"].cost("ask", asked, next(fresh)),
            "true": lambda: shells["bare"].cost("true", 50),
        })
    finally:
        for shell in shells.values():
            shell.close()

    hook = {who: prompt[who] - prompt["bare"] for who in ("envd", "direnv")}
    part = hook["envd"] / hook["direnv"]
    table.add(
        f"{name}: a prompt where nothing changed, over a bare one", seconds(hook["envd"]),
        f"direnv {seconds(hook['direnv'])}", f"1/{1 / part:.0f}", "1/100 of direnv", part <= 0.01)
    part = prompt["envd"] / prompt["direnv"]
    table.add("  with the bare one", seconds(prompt["envd"]), f"direnv {seconds(prompt['direnv'])}", f"1/{1 / part:.0f}")
    table.add("", "", f"$(true) {seconds(prompt['true'])}", f"{hook['envd'] / prompt['true']:.3f}")
    over = {who: switch[who] - switch["bare"] for who in ("envd", "direnv")}
    each, both = over["envd"] / 2, over["envd"] / switch["true"]
    table.add(
        f"{name}: cd in, or out, over a bare cd", seconds(each), f"$(true) {seconds(switch['true'])}",
        f"{both / 2:.2f}", "0.3 of $(true)", both / 2 <= 0.3)
    table.add("  in and out together", seconds(over["envd"]), "", f"{both:.2f}")
    table.add(
        "", "", f"direnv {seconds(over['direnv'])}", f"1/{over['direnv'] / over['envd']:.0f}")
    busy = shells["envd"].processor_time("switch") - shells["bare"].processor_time("switch")
    busy_true = shells["bare"].processor_time("true")
    table.add("  in processor time, both, means", seconds(busy), f"$(true) {seconds(busy_true)}", f"{busy / busy_true:.2f}")
    over = ask["envd"] - ask["bare"]
    part = over / ask["true"]
    table.add(
        f"{name}: the same where envd must be asked", seconds(over), f"$(true) {seconds(ask['true'])}",
        f"{part:.2f}", "1.5 of $(true)", part <= 1.5)
