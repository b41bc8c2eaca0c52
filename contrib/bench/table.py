"""What was measured, next to what it may cost."""

from dataclasses import dataclass


@dataclass
class Row:
    what: str
    envd: str
    peer: str = ""
    ratio: str = ""
    bar: str = ""
    met: bool | None = None


class Table:
    """Rows in the order in which they were measured, and what could not be measured."""

    def __init__(self):
        self.rows = []
        self.failures = []

    def add(self, what, envd, peer="", ratio="", bar="", met=None):
        self.rows.append(Row(what, envd, peer, ratio, bar, met))

    def __str__(self):
        head = ("what", "envd", "beside", "ratio", "bar", "met")
        lines = [head] + [
            (row.what, row.envd, row.peer, row.ratio, row.bar, {True: "yes", False: "NO", None: ""}[row.met])
            for row in self.rows
        ]
        widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
        def text(line):
            return "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()

        rule = "  ".join("-" * width for width in widths)
        return "\n".join([text(head), rule, *map(text, lines[1:])])


def seconds(value):
    """A duration in the unit that reads best."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    if value < 1e-3:
        return f"{sign}{value * 1e6:.1f} µs"
    return f"{sign}{value * 1e3:.2f} ms" if value < 0.1 else f"{sign}{value * 1e3:.0f} ms"
