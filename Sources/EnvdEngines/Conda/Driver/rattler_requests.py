"""What the driver and envd say to each other, in rattler's types: records, specs, failures."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import sys
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import rattler
from rattler.match_spec import MatchSpec
from rattler.networking import Client
from rattler.package import BuildString
from rattler.repo_data import PackageRecord, RepoDataRecord
from rattler.virtual_package import GenericVirtualPackage

Request = dict[str, Any]


class Failure(Exception):
    """Something that a person has to know, by kind; the words are put together by envd."""

    def __init__(self, kind: str, message: str, **details: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.details = details


def tell(event: str, **fields: Any) -> None:
    if event == "progress":
        be_patient()
    print(json.dumps({"event": event, **fields}), file=sys.stderr, flush=True)


PATIENCE = {"seconds": 0}


def be_patient() -> None:
    """From here on, so long may pass until something happens: a channel may never answer."""
    signal.alarm(PATIENCE["seconds"])


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
    words += r"|status server error|\b(408|429|500|502|503|504)\b [A-Z]|[Cc]onnection reset"
    return re.search(words, str(error)) is not None


def client_of(request: Request) -> Client:
    """The user's proxies and certificates come by the environment; this adds what their settings say, and what the
    addresses of channels held of passwords and tokens."""
    settings = ""
    if request.get("ssl_verify") is False:
        settings += "tls-no-verify = true\n"
    if CREDENTIALS:
        settings += f"authentication-override-file = {json.dumps(CREDENTIALS)}\n"
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
    return RepoDataRecord(record, file_name_of(values["url"]), values["url"], channel_of(values))


def values_of(record: RepoDataRecord) -> dict[str, Any]:
    kept = {
        "name", "version", "build", "build_number", "subdir", "noarch", "depends", "constrains", "size", "sha256",
        "md5", "license", "python_site_packages_path", "track_features", "url", "channel"}
    values = {name: value for name, value in json.loads(record.to_json()).items() if name in kept}
    if isinstance(values.get("track_features"), str):
        values["track_features"] = values["track_features"].replace(",", " ").split()
    return values


def channel_of(values: dict[str, Any]) -> str:
    """A package that a spec names by its address belongs to the directory above its platform's."""
    return values.get("channel") or values["url"].rsplit("/", 2)[0]


def credentials_of() -> str | None:
    """A file in memory with what `ENVD_CREDENTIALS` holds, by its path; rattler takes nothing but files."""
    text = os.environ.pop("ENVD_CREDENTIALS", None)
    if text is None:
        return None
    descriptor = os.memfd_create("credentials")
    os.write(descriptor, text.encode())
    return f"/proc/self/fd/{descriptor}"


CREDENTIALS = credentials_of()


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
