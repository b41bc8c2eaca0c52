"""Drives rattler for envd: one request in, JSON lines out.

usage: rattler_driver.py [REQUEST-FILE]

Reads one JSON object from the file, or from standard input, and does what its "do" says: "machine", "solve" or
"install". What happens on the way goes to standard error, one JSON object a line ("event": "progress" or
"warning"); the end goes to standard output, one line ("event": "result" or "failure"). Lines on standard error
that are no JSON object are rattler's own words.

Nothing of a package is linked before its archive had the hash that was asked for and its list of files was seen to
stay inside the prefix: rattler checks neither for file:// channels.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

import rattler
from rattler.exceptions import GatewayError, SolverError
from rattler.match_spec import MatchSpec
from rattler.networking import Client
from rattler.package import BuildString
from rattler.package_streaming import download_and_extract
from rattler.repo_data import Gateway, PackageRecord, RepoDataRecord
from rattler.repo_data.gateway import SourceConfig
from rattler.virtual_package import GenericVirtualPackage, Override, VirtualPackage, VirtualPackageOverrides

Request = dict[str, Any]

FETCHES_AT_ONCE = 8
# Of what a killed installation leaves in the cache; in seconds.
LEFTOVER_AGE = 24 * 60 * 60
# Raised whenever `inspect` learns to refuse something: packages are then looked at again.
INSPECTION = 1


class Failure(Exception):
    """Something that a person has to know, by kind; the words are put together by envd."""

    def __init__(self, kind: str, message: str, **details: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.details = details


class Damage(Exception):
    """Packages in the cache are not whole any more; they were forgotten."""


def tell(event: str, **fields: Any) -> None:
    print(json.dumps({"event": event, **fields}), file=sys.stderr, flush=True)


def text_of(error: BaseException) -> str:
    return str(error).strip() or type(error).__name__


def is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return re.search(r"No space left on device|os error (28|122)\b|Disk quota exceeded", str(error)) is not None


def is_absent(error: BaseException) -> bool:
    return re.search(r"\b(404|410)\b|os error 2\)|No such file or directory", str(error)) is not None


def is_network(error: BaseException) -> bool:
    words = r"Request failed after|error sending request|error trying to connect|dns error|[Cc]onnection refused|timed out|connect error"
    return re.search(words, str(error)) is not None


# Requests to rattler's types


def client_of(request: Request) -> Client:
    """The user's proxies and certificates come by the environment; this adds what their settings say."""
    settings = ""
    if request.get("ssl_verify") is False:
        settings += "tls-no-verify = true\n"
    proxies = request.get("proxies") or {}
    if proxies:
        settings += "[proxy-config]\n"
        settings += "".join(f"{name} = {json.dumps(address)}\n" for name, address in sorted(proxies.items()))
    return Client.from_config(rattler.Config.from_toml(settings), max_retries=request.get("retries", 3))


def record_of(values: dict[str, Any]) -> RepoDataRecord:
    """A record as `values_of` wrote it."""
    record = PackageRecord(
        name=values["name"], version=values["version"], build=BuildString.new_unchecked(values["build"]),
        build_number=values.get("build_number", 0), subdir=values["subdir"], noarch=values.get("noarch"),
        depends=values.get("depends", []), constrains=values.get("constrains", []), size=values.get("size"),
        sha256=bytes.fromhex(values["sha256"]) if values.get("sha256") else None,
        md5=bytes.fromhex(values["md5"]) if values.get("md5") else None,
        license=values.get("license"), python_site_packages_path=values.get("python_site_packages_path"))
    record.track_features = values.get("track_features", [])
    return RepoDataRecord(record, file_name_of(values["url"]), values["url"], values["channel"])


def values_of(record: RepoDataRecord) -> dict[str, Any]:
    kept = {
        "name", "version", "build", "build_number", "subdir", "noarch", "depends", "constrains", "size", "sha256",
        "md5", "license", "python_site_packages_path", "track_features", "url", "channel"}
    values = {name: value for name, value in json.loads(record.to_json()).items() if name in kept}
    if isinstance(values.get("track_features"), str):
        values["track_features"] = values["track_features"].replace(",", " ").split()
    return values


def file_name_of(url: str) -> str:
    return unquote(PurePosixPath(urlsplit(url).path).name)


def specs_of(request: Request) -> list[MatchSpec]:
    """With strict priority a bare name beside each spec: rattler looks for the first channel that has the package
    among those records alone that a spec lets through, and would take a version that only a later channel has."""
    specs = []
    for text in request["specs"]:
        try:
            spec = MatchSpec(text)
        except Exception as error:
            raise Failure("spec", text_of(error), package=text) from error
        if request.get("channel_priority", "strict") == "strict" and spec.channel is None:
            specs.append(MatchSpec(spec.name.normalized))
        specs.append(spec)
    return specs


def virtual_package(values: dict[str, str]) -> GenericVirtualPackage:
    try:
        return GenericVirtualPackage(
            rattler.PackageName(values["name"]), rattler.Version(values["version"]),
            BuildString.new_unchecked(values["build"]))
    except Exception as error:
        raise Failure("virtual", text_of(error), package=values["name"]) from error


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


# Fetching


@dataclass
class Package:
    """One package of an installation, and its place in the cache."""

    values: dict[str, Any]
    key: str = field(init=False)
    inspection: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        name = file_name_of(self.url)
        stem = re.sub(r"(\.conda|\.tar\.bz2)$", "", name)
        # rattler's own name for it.
        self.key = "-".join(self.values[part] for part in ("name", "version", "build") if part in self.values)
        self.key = self.key or stem
        if stem == name or "/" in self.key or self.key.startswith("."):
            raise Failure("spec", "it does not name a package", package=self.url)

    @property
    def url(self) -> str:
        return str(self.values["url"])

    @property
    def title(self) -> str:
        return " ".join(self.key.rsplit("-", 2)[:2])

    def has_hashes(self, sha256: str | None, md5: str | None) -> bool:
        """sha256 alone counts where it is known."""
        wanted = self.values.get("sha256")
        if wanted:
            return bool(wanted == sha256)
        return self.values.get("md5") in (None, md5)


class Cache:
    """Packages, extracted, checked and shared by all projects.

    A package's lock is held as a reader while it is linked and as a writer while it is fetched. Locks are taken in
    the order of their names, so that two installations cannot wait for each other.
    """

    def __init__(self, directory: Path) -> None:
        self.packages = directory / "pkgs"
        self.inspections = directory / "inspected"
        self.locks = directory / "locks"
        for place in (self.packages, self.inspections, self.locks):
            place.mkdir(parents=True, exist_ok=True)
        self.held: dict[str, int] = {}

    def sweep(self) -> None:
        """Removes what killed installations left."""
        for entry in os.scandir(self.packages):
            if not entry.name.startswith(".") or not entry.is_dir(follow_symlinks=False):
                continue
            try:
                if time.time() - entry.stat(follow_symlinks=False).st_mtime > LEFTOVER_AGE:
                    shutil.rmtree(entry.path)
            except OSError as error:
                tell("warning", message=f"could not remove `{entry.path}`: {error.strerror}")

    def lock(self, package: Package, how: int) -> None:
        if package.key not in self.held:
            self.held[package.key] = os.open(self.locks / package.key, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        descriptor = self.held[package.key]
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("progress", phase="wait", package=package.title, done=0, total=0)
            fcntl.flock(descriptor, how)

    def knows(self, package: Package) -> bool:
        """Whether the package is there as it is wanted, and was inspected."""
        try:
            inspection = json.loads((self.inspections / f"{package.key}.json").read_text())
        except (OSError, ValueError):
            return False
        if inspection.get("inspection") != INSPECTION or not (self.packages / package.key / "info").is_dir():
            return False
        package.inspection = inspection
        return package.has_hashes(inspection["sha256"], inspection["md5"])

    def forget(self, packages: list[Package]) -> NoReturn:
        """Packages that have to be fetched again; nothing is locked any more."""
        for package in packages:
            (self.inspections / f"{package.key}.json").unlink(missing_ok=True)
        for descriptor in self.held.values():
            os.close(descriptor)
        self.held = {}
        raise Damage

    def forget_damaged(self, packages: list[Package]) -> None:
        """Forgets what lacks a file that it should have, if anything does."""
        damaged = [package for package in packages if not self.is_whole(package)]
        if damaged:
            self.forget(damaged)

    def is_whole(self, package: Package) -> bool:
        place = self.packages / package.key
        try:
            return all(os.path.lexists(place / path) for path in listed_paths(place))
        except (OSError, ValueError, KeyError):
            return False

    def reserve(self, packages: list[Package]) -> list[Package]:
        """Locks all packages; those that are missing come back, locked for writing."""
        missing = []
        for package in sorted(packages, key=lambda package: package.key):
            self.lock(package, fcntl.LOCK_SH)
            if self.knows(package):
                continue
            self.lock(package, fcntl.LOCK_UN)
            self.lock(package, fcntl.LOCK_EX)
            # Another installation may have fetched it while this one waited.
            if not self.knows(package):
                missing.append(package)
        return missing

    async def fetch(self, package: Package, client: Client) -> None:
        staging = Path(tempfile.mkdtemp(prefix=f".{package.key}-", dir=self.packages))
        try:
            content = staging / "content"
            sha256, md5 = await download(package, client, content)
            if not package.has_hashes(sha256, md5):
                raise Failure("hash", "the archive has another hash", package=package.title, channel=package.url)
            inspection = inspect(content, package)
            inspection |= {"sha256": sha256, "md5": md5, "inspection": INSPECTION}
            place, note = self.packages / package.key, self.inspections / f"{package.key}.json"
            note.unlink(missing_ok=True)
            # What is linked from it lives on.
            shutil.rmtree(place, ignore_errors=True)
            (self.packages / f"{package.key}.lock").unlink(missing_ok=True)
            content.rename(place)
            (staging / "note").write_text(json.dumps(inspection))
            (staging / "note").rename(note)
            package.inspection = inspection
        except OSError as error:
            raise Failure("space" if is_full(error) else "cache", text_of(error), package=package.title) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)


async def download(package: Package, client: Client, target: Path) -> tuple[str, str]:
    """Fetches and extracts an archive; gives its sha256 and md5."""
    url, title = package.url, package.title
    try:
        sha256, md5 = await download_and_extract(client, url, target)
    except Exception as error:
        text = text_of(error)
        if is_full(error):
            raise Failure("space", text, package=title) from error
        if is_network(error):
            raise Failure("network", text, package=title, channel=url) from error
        if url.startswith("file://") and not Path(unquote(urlsplit(url).path)).is_file() or is_absent(error):
            raise Failure("missing", text, package=title, channel=url) from error
        raise Failure(await broken(package), text, package=title, channel=url) from error
    return sha256.hex(), md5.hex()


async def broken(package: Package) -> str:
    """A broken archive that is not the one which was meant is told as that; on this machine it can be seen."""
    path = Path(unquote(urlsplit(package.url).path))
    if not package.url.startswith("file://") or not path.is_file():
        return "archive"
    content = path.read_bytes()
    matches = package.has_hashes(hashlib.sha256(content).hexdigest(), hashlib.md5(content).hexdigest())
    return "archive" if matches else "hash"


# Inspecting


def inspect(directory: Path, package: Package) -> dict[str, Any]:
    """Refuses an extracted package whose files would land outside a prefix, or come from outside the package.

    Gives what an installation has to know: whether it has a script to run, and its links that lead out.
    """

    def refuse(path: str) -> NoReturn:
        raise Failure("path", f"`{path}` leads out of the environment", package=package.title, channel=package.url)

    try:
        paths = listed_paths(directory)
        points = entry_points(directory)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure("archive", text_of(error), package=package.title, channel=package.url) from error
    root = os.path.realpath(directory)
    parents: set[str] = set()
    for path in paths:
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\0" in path:
            refuse(path)
        parent = str(pure.parent)
        if parent not in parents:
            real = os.path.realpath(os.path.join(root, parent))
            if real != root and not real.startswith(root + os.sep):
                refuse(path)
            parents.add(parent)
    for point in points:
        name = point.partition("=")[0].strip()
        if not name or "/" in name or name in (".", "..") or "\0" in name:
            refuse(name)
    links = {}
    for path in paths:
        place = os.path.join(root, path)
        if os.path.islink(place) and leads_out(path, os.readlink(place)):
            links[path] = os.readlink(place)
    script = any(re.fullmatch(r"bin/\.[^/]+-(post|pre)-link\.sh", path) for path in paths)
    return {"links_out": links, "post_link": script}


def listed_paths(directory: Path) -> list[str]:
    listing = directory / "info" / "paths.json"
    if listing.is_file():
        return [entry["_path"] for entry in json.loads(listing.read_bytes())["paths"]]
    lines = (directory / "info" / "files").read_text().splitlines()
    return [line for line in lines if line]


def entry_points(directory: Path) -> list[str]:
    listing = directory / "info" / "link.json"
    if not listing.is_file():
        return []
    return list(json.loads(listing.read_bytes()).get("noarch", {}).get("entry_points") or [])


def leads_out(path: str, target: str) -> bool:
    return target.startswith("/") or os.path.normpath(os.path.join(os.path.dirname(path), target)).startswith("..")


def refuse_detours(packages: list[Package], cache: Cache) -> None:
    """No file of one package goes through a link of another that leads out of the prefix."""

    def place(path: str) -> str:
        path = re.sub(r"^lib/python\d+\.\d+/site-packages/", "site-packages/", path)
        return re.sub(r"^python-scripts/", "bin/", path)

    links = {place(path) for package in packages for path in package.inspection["links_out"]}
    if not links:
        return
    for package in packages:
        for path in listed_paths(cache.packages / package.key):
            if any(str(parent) in links for parent in PurePosixPath(place(path)).parents):
                raise Failure(
                    "path", f"`{path}` leads out of the environment", package=package.title, channel=package.url)


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

    async def fetch(package: Package) -> None:
        nonlocal done
        async with slots:
            await cache.fetch(package, client)
        done += 1
        tell("progress", phase="fetch", package=package.title, done=done, total=len(missing))

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
            requested_specs=[MatchSpec(text)._match_spec for text in request.get("specs", [])])  # type: ignore[misc]
    except Exception as error:
        if not is_full(error):
            cache.forget_damaged(packages)
        text = text_of(error)
        found = re.search(r"failed to (?:fetch|link) (\S+?)(\.conda|\.tar\.bz2)?\s", text + "\n")
        raise Failure("space" if is_full(error) else "link", text, package=found[1] if found else "") from error
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


async def machine(request: Request) -> dict[str, Any]:
    """The processor's name; all else is told, so that nothing is asked which may hang (NVML)."""
    known = VirtualPackageOverrides(cuda=Override.string(""), libc=Override.string("2.17"))
    for package in VirtualPackage.detect(known):
        generic = package.into_generic()
        if generic.name.normalized == "__archspec":
            return {"archspec": str(generic.build_string)}
    return {}


async def main() -> NoReturn:
    if len(sys.argv) > 1:
        request: Request = json.loads(Path(sys.argv[1]).read_bytes())
    else:
        request = json.load(sys.stdin)
    actions = {"solve": solve, "install": install, "machine": machine}
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
