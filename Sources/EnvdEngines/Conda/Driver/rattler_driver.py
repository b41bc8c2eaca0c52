"""Drives rattler for envd: one request in, JSON lines out.

usage: rattler_driver.py [REQUEST-FILE]

Reads one JSON object from the file, or from standard input, and does what its "do" says: "machine", "solve" or
"install". What happens on the way goes to standard error, one JSON object a line ("event": "progress" or
"warning"); the end goes to standard output, one line ("event": "result" or "failure"). Lines on standard error
that are no JSON object are rattler's own words.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
import shutil
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

# An isolated Python does not look beside the program.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import rattler
from rattler.exceptions import GatewayError, SolverError
from rattler.match_spec import MatchSpec
from rattler.networking import Client
from rattler.repo_data import Gateway, PackageRecord, RepoDataRecord
from rattler.repo_data.gateway import SourceConfig
from rattler.virtual_package import VirtualPackage, VirtualPackageOverrides

from rattler_cache import Cache, Damage, Package, refuse_detours
from rattler_requests import (
    PATIENCE, be_patient,
    Failure, Request, client_of, file_name_of, is_absent, is_full, is_network, record_of, specs_of, tell, text_of,
    values_of, virtual_package)

FETCHES_AT_ONCE = 8


# Solving


async def solve(request: Request) -> dict[str, Any]:
    specs = specs_of(request)
    cached_only = SourceConfig(cache_action="force-cache-only" if request.get("offline") else "cache-or-fetch")
    gateway = Gateway(
        cache_dir=Path(request["cache"], "repodata"), default_config=cached_only, client=client_of(request))
    virtual = [virtual_package(values) for values in request["virtual_packages"]]
    # Without the bare names rattler's "strict" takes the first channel that has what a spec asks for: "flexible".
    is_strict = request.get("channel_priority", "strict") != "disabled"
    priority = rattler.ChannelPriority.Strict if is_strict else rattler.ChannelPriority.Disabled
    tell("progress", phase="solve", package="", done=0, total=1)
    try:
        records = await rattler.solve(
            [rattler.Channel(url) for url in request["channels"]], specs, gateway=gateway,
            platforms=[request["platform"], "noarch"], virtual_packages=virtual, channel_priority=priority,
            locked_packages=[record_of(values) for values in request.get("preferred", [])])
    except SolverError as error:
        raise Failure("unsatisfiable", text_of(error)) from error
    except GatewayError as error:
        raise gateway_failure(error, request) from error
    return {"records": [values_of(record) for record in records]}


def gateway_failure(error: Exception, request: Request) -> Failure:
    """Which channel could not be read, and whether there is one."""
    text = text_of(error)
    named = [url for url in request["channels"] if url.rstrip("/") in text]
    channel = max(named, key=len, default=request["channels"][0] if len(request["channels"]) == 1 else "")
    if is_full(error):
        return Failure("space", text)
    if request.get("offline"):
        return Failure("offline", text, channel=channel)
    if "could not find subdir" in text or is_absent(error):
        return Failure("channel", text, channel=channel)
    return Failure("network" if is_network(error) else "repodata", text, channel=channel)


# Installing


class Reporter:
    """What rattler says while it links; packages that it fetches itself are remembered."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.names: list[str] = []
        self.fetched = False

    def __getattr__(self, name: str) -> Any:
        # Of the many calls that do not matter here, those that give a token want a number.
        return lambda *_: 0

    def on_download_start(self, _: int) -> int:
        self.fetched = True
        return 0

    def on_link_start(self, _: int, package_name: str) -> int:
        self.names.append(package_name)
        return len(self.names) - 1

    def on_link_complete(self, index: int) -> None:
        self.done += 1
        tell("progress", phase="link", package=self.names[index], done=self.done, total=self.total)


async def fetch_all(missing: list[Package], cache: Cache, request: Request) -> None:
    if missing and request.get("offline"):
        remote = [package for package in missing if not package.url.startswith("file://")]
        if remote:
            raise Failure("offline", "it is not in the cache", package=remote[0].title, channel=remote[0].url)
    client, slots, done = client_of(request), asyncio.Semaphore(FETCHES_AT_ONCE), 0
    sizes = [package.values.get("size") for package in missing]
    are_known = all(isinstance(size, int) for size in sizes)
    fetched = 0

    def tell_of(phase: str, package: Package) -> None:
        amounts = {"done_bytes": fetched, "total_bytes": sum(sizes)} if are_known else {}
        tell("progress", phase=phase, package=package.title, done=done, total=len(missing), **amounts)

    async def fetch(package: Package) -> None:
        nonlocal done, fetched
        async with slots:
            tell_of("begin", package)
            await cache.fetch(package, client)
        done += 1
        if are_known:
            fetched += package.values["size"]
        tell_of("fetch", package)

    tasks = [asyncio.ensure_future(fetch(package)) for package in missing]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def described(package: Package, cache: Cache) -> RepoDataRecord:
    """The record of a package; where a lock file names no more than an address, the package says the rest."""
    if "name" in package.values:
        return record_of(package.values)
    sha256, md5 = package.inspection["sha256"], package.inspection["md5"]
    record = PackageRecord.from_index_json(
        cache.packages / package.key / "info" / "index.json", sha256=sha256, md5=md5)
    if f"{record.name.normalized}-{record.version}-{record.build}" != package.key:
        raise Failure("archive", "it holds another package than its name says", package=package.title,
                      channel=package.url)
    # CHANNEL/SUBDIR/FILE
    channel = package.url.rsplit("/", 2)[0]
    return RepoDataRecord(record, file_name_of(package.url), package.url, channel)


async def install(request: Request) -> dict[str, Any]:
    packages = [Package(values) for values in request["records"]]
    cache = Cache(Path(request["cache"]))
    cache.sweep()
    try:
        return await install_once(request, packages, cache)
    except Damage:
        # Somebody took files out of the cache: what is damaged is fetched again.
        shutil.rmtree(request["prefix"], ignore_errors=True)
        return await install_once(request, packages, cache)


async def install_once(request: Request, packages: list[Package], cache: Cache) -> dict[str, Any]:
    prefix = Path(request["prefix"])
    missing = cache.reserve(packages)
    await fetch_all(missing, cache, request)
    for package in missing:
        cache.lock(package, fcntl.LOCK_SH)
        if not cache.knows(package):
            raise Failure("cache", "another installation replaced it just now", package=package.title)
    refuse_detours(packages, cache)
    records = [described(package, cache) for package in packages]
    reporter = Reporter(len(records))
    try:
        await rattler.install(
            records, prefix, cache_dir=cache.packages, platform=rattler.Subdir(request["platform"]),
            execute_link_scripts=bool(request.get("run_scripts")), show_progress=False, client=client_of(request),
            reporter=reporter,
            # rattler takes its own inner type here.
            requested_specs=[MatchSpec(text)._match_spec for text in request.get("specs", [])])
    except Exception as error:
        if not is_full(error):
            cache.forget_damaged(packages)
        text = text_of(error)
        found = re.search(r"failed to (?:fetch|link) (\S+?)(\.conda|\.tar\.bz2)?\s", text + "\n")
        name = " ".join(found[1].rsplit("-", 2)[:2]) if found else ""
        raise Failure("space" if is_full(error) else "link", text, package=name) from error
    if reporter.fetched:
        # What rattler fetches by itself nobody has looked at.
        cache.forget(packages)
    return {
        "records": [values_of(record) for record in records],
        "scripts": sorted(record.name.normalized for package, record in zip(packages, records)
                          if package.inspection["post_link"]),
        "clobbered": clobbered(prefix), "fetched": len(missing),
    }


def clobbered(prefix: Path) -> list[str]:
    """Files that more than one package brings, as paths below the prefix."""
    place = prefix / "__clobbers__"
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if not path.is_dir() or path.is_symlink())


# The machine


# Overrides for all that may hang or is known already. Those given as arguments do not do: with them NVML is still
# loaded, for the architecture of a GPU.
KNOWN = {"CUDA": "", "CUDA_ARCH": "", "AMDGPU": "", "AMDGPU_ARCH": "", "GLIBC": "2.17", "LINUX": "5.0"}


async def machine(request: Request) -> dict[str, Any]:
    """The processor's name, by archspec's table."""
    os.environ.update({f"CONDA_OVERRIDE_{name}": value for name, value in KNOWN.items()})
    for package in VirtualPackage.detect(VirtualPackageOverrides.from_env()):
        generic = package.into_generic()
        if generic.name.normalized == "__archspec":
            return {"archspec": str(generic.build_string)}
    return {}


def give_up(request: Request) -> NoReturn:
    seconds, channels = PATIENCE["seconds"], request.get("channels") or []
    answer = {
        "event": "failure", "kind": "stalled", "message": f"nothing came for {seconds} seconds",
        "channel": channels[0] if len(channels) == 1 else ""}
    print(json.dumps(answer), flush=True)
    os._exit(1)


async def main() -> NoReturn:
    if len(sys.argv) > 1:
        request: Request = json.loads(Path(sys.argv[1]).read_bytes())
    else:
        request = json.load(sys.stdin)
    actions = {"solve": solve, "install": install, "machine": machine}
    PATIENCE["seconds"] = request.get("patience", 0)
    signal.signal(signal.SIGALRM, lambda *_: give_up(request))
    be_patient()
    try:
        answer = {"event": "result", **await actions[request["do"]](request)}
    except Failure as failure:
        answer = {"event": "failure", "kind": failure.kind, "message": str(failure), **failure.details}
    except Exception as error:
        if not isinstance(error, OSError):
            traceback.print_exc()
        answer = {"event": "failure", "kind": "space" if is_full(error) else "internal", "message": text_of(error)}
    print(json.dumps(answer), flush=True)
    # rattler's threads still hold on to Python's objects: taking the interpreter down in order crashes now and then.
    os._exit(0 if answer["event"] == "result" else 1)


if __name__ == "__main__":
    asyncio.run(main())
