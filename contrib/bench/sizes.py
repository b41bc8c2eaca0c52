"""What the programs take on disk, stripped as they are installed."""

from place import PROGRAMS


def measure(table):
    for name in ("envd", "envd-hook", "envd-child"):
        size = (PROGRAMS / name).stat().st_size
        table.add(f"{name} on disk", f"{size / 1e6:.1f} MB")
