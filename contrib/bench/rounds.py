"""Competitors in turns, so that whatever else the machine does falls on all of them."""

import os
import time
from statistics import median


def in_turns(rounds, competitors):
    """Runs every competitor once a round, in an order that turns with each; gives the median of each.

    `competitors` maps names to functions that give seconds for one unit of work. One round goes before, unmeasured.
    """
    names = list(competitors)
    taken = {name: [] for name in names}
    for number in range(-1, rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            cost = competitors[name]()
            if number >= 0:
                taken[name].append(cost)
    return {name: median(costs) for name, costs in taken.items()}


def spawn(arguments, environment):
    """Seconds for one process from its start to its end; its words go nowhere."""
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    begin = time.perf_counter()
    process = os.posix_spawn(arguments[0], arguments, environment, file_actions=quiet)
    _, status = os.waitpid(process, 0)
    cost = time.perf_counter() - begin
    if status != 0:
        raise RuntimeError(f"{arguments[0]} ended with wait status {status}")
    return cost
