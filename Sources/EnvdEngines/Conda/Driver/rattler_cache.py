"""Packages, fetched, checked and kept for all projects.

Nothing of a package is linked before its archive had the hash that was asked for and its list of files was seen to
stay inside the prefix: rattler checks neither for file:// channels.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

from rattler.networking import Client
from rattler.package_streaming import download_and_extract

from rattler_requests import Failure, file_name_of, is_absent, is_full, is_network, tell, text_of

# Of what a killed installation leaves in the cache; in seconds.
LEFTOVER_AGE = 24 * 60 * 60
# In seconds: files are written a little later than what tells of them.
SLACK = 2
# Raised whenever `inspect` learns to refuse something: packages are then looked at again.
INSPECTION = 1


class Damage(Exception):
    """Packages in the cache are not whole any more; they were forgotten."""


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
        return package.has_hashes(inspection["sha256"], inspection["md5"]) and not self.was_edited(package)

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

    def was_edited(self, package: Package) -> bool:
        """Whether a file is gone, or was written after it was inspected and is another one now: environments share
        their files with the cache, so that an edit in one of them changes all that are still to be built."""
        place = self.packages / package.key
        inspected = (self.inspections / f"{package.key}.json").stat().st_mtime
        try:
            listing = json.loads((place / "info" / "paths.json").read_bytes())["paths"]
        except (OSError, ValueError, KeyError):
            return False
        for entry in listing:
            path = place / entry["_path"]
            try:
                status = path.lstat()
            except OSError:
                return True
            if not stat.S_ISREG(status.st_mode) or status.st_mtime <= inspected + SLACK:
                continue
            if entry.get("sha256") not in (None, hashlib.sha256(path.read_bytes()).hexdigest()):
                tell("warning", message=f"in the cache, {path} was edited: {package.title} is fetched anew")
                return True
        return False

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
