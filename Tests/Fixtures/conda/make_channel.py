#!/usr/bin/env python3
"""Makes the channels that the tests of the conda engine install from.

usage: make_channel.py DIRECTORY

DIRECTORY/main and DIRECTORY/other are channels with linux-64 (or linux-aarch64) and noarch. Needs a C compiler for
the packages with compiled code, and the standard library alone; Python is made from the interpreter that runs this.
"""

from __future__ import annotations

import bz2
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

SUBDIR = f"linux-{'64' if platform.machine() == 'x86_64' else platform.machine()}"
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
VERSION = platform.python_version()
# What conda-build puts in place of the prefix: long, so that a binary has room for the real one.
PLACEHOLDER = "/placeholder/" + "p" * 200
# 1 January 2026, in milliseconds: what is newer than another package is said by versions alone.
TIMESTAMP = 1767225600000


@dataclass
class Package:
    """One package; what is not named is as conda-build leaves it."""

    name: str
    version: str
    build: str = "0"
    number: int = 0
    depends: list[str] = field(default_factory=list)
    constrains: list[str] = field(default_factory=list)
    # Path below the prefix to content; a `Path` is a file to copy, a `str` that starts with `->` a link.
    files: dict[str, bytes | Path | str] = field(default_factory=dict)
    placeholders: dict[str, str] = field(default_factory=dict)
    executables: set[str] = field(default_factory=set)
    noarch: str | None = None
    entry_points: list[str] = field(default_factory=list)
    # Members of the archive that no list of files names.
    unlisted: dict[str, bytes | Path | str] = field(default_factory=dict)
    # What paths.json claims beside the files: paths that lead out of the prefix.
    claimed: dict[str, bytes] = field(default_factory=dict)
    suffix: str = ".conda"
    sha256: str | None = None
    truncated: bool = False

    @property
    def subdir(self) -> str:
        return "noarch" if self.noarch else SUBDIR

    @property
    def file_name(self) -> str:
        return f"{self.name}-{self.version}-{self.build}{self.suffix}"

    def index(self) -> dict[str, object]:
        record: dict[str, object] = {
            "name": self.name, "version": self.version, "build": self.build, "build_number": self.number,
            "depends": self.depends, "constrains": self.constrains, "subdir": self.subdir, "timestamp": TIMESTAMP,
            "license": "MIT",
        }
        if self.noarch:
            record["noarch"] = self.noarch
        return record


def content_of(value: bytes | Path | str) -> bytes:
    if isinstance(value, Path):
        return value.read_bytes()
    return value if isinstance(value, bytes) else value.encode()


def paths_json(package: Package) -> bytes:
    entries: list[dict[str, object]] = []
    for path, value in sorted({**package.files, **package.claimed}.items()):
        if isinstance(value, str) and value.startswith("->"):
            entries.append({"_path": path, "path_type": "softlink"})
            continue
        content = content_of(value)
        entry: dict[str, object] = {
            "_path": path, "path_type": "hardlink", "sha256": hashlib.sha256(content).hexdigest(),
            "size_in_bytes": len(content),
        }
        if path in package.placeholders:
            entry |= {"prefix_placeholder": PLACEHOLDER, "file_mode": package.placeholders[path]}
        entries.append(entry)
    return json.dumps({"paths": entries, "paths_version": 1}).encode()


def tar(files: dict[str, bytes | Path | str], executables: set[str]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path, value in files.items():
            member = tarfile.TarInfo(path)
            member.mtime = TIMESTAMP // 1000
            if isinstance(value, str) and value.startswith("->"):
                member.type, member.linkname = tarfile.SYMTYPE, value[2:]
                archive.addfile(member)
                continue
            content = content_of(value)
            member.size, member.mode = len(content), 0o755 if path in executables else 0o644
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def zstandard(content: bytes) -> bytes:
    """A frame of uncompressed blocks (RFC 8878): no library is needed for it."""
    # Single segment with a content size of eight bytes.
    frame = bytearray(b"\x28\xb5\x2f\xfd\xe0" + len(content).to_bytes(8, "little"))
    step = 128 * 1024 - 1
    starts = range(0, len(content), step) or [0]
    for start in starts:
        block = content[start : start + step]
        is_last = start + step >= len(content)
        frame += (len(block) << 3 | is_last).to_bytes(3, "little") + block
    return bytes(frame)


def archive(package: Package) -> bytes:
    info: dict[str, bytes | Path | str] = {
        "info/index.json": json.dumps(package.index()).encode(), "info/paths.json": paths_json(package),
    }
    if package.noarch:
        link: dict[str, object] = {"type": package.noarch}
        if package.noarch == "python":
            link["entry_points"] = package.entry_points
        info["info/link.json"] = json.dumps({"noarch": link, "package_metadata_version": 1}).encode()
    if package.suffix == ".tar.bz2":
        content = bz2.compress(tar({**info, **package.files}, package.executables))
    else:
        stream = io.BytesIO()
        stem = package.file_name.removesuffix(".conda")
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as file:
            file.writestr("metadata.json", json.dumps({"conda_pkg_format_version": 2}))
            file.writestr(f"pkg-{stem}.tar.zst", zstandard(tar({**package.files, **package.unlisted}, package.executables)))
            file.writestr(f"info-{stem}.tar.zst", zstandard(tar(info, set())))
        content = stream.getvalue()
    return content[: len(content) // 2] if package.truncated else content


def write(channel: Path, packages: list[Package]) -> None:
    for subdir in (SUBDIR, "noarch"):
        place = channel / subdir
        place.mkdir(parents=True)
        records: dict[str, dict[str, dict[str, object]]] = {"packages": {}, "packages.conda": {}}
        for package in packages:
            if package.subdir != subdir:
                continue
            content = archive(package)
            (place / package.file_name).write_bytes(content)
            kind = "packages.conda" if package.suffix == ".conda" else "packages"
            records[kind][package.file_name] = package.index() | {
                "sha256": package.sha256 or hashlib.sha256(content).hexdigest(),
                "md5": hashlib.md5(content).hexdigest(), "size": len(content),
            }
        repodata = {"info": {"subdir": subdir}, "repodata_version": 1, **records}
        (place / "repodata.json").write_text(json.dumps(repodata))


def compiled(arguments: list[str], source: str, scratch: Path, name: str) -> Path:
    output = scratch / name
    output.parent.mkdir(parents=True, exist_ok=True)
    (scratch / f"{name}.c").write_text(source)
    subprocess.run(["cc", "-o", str(output), str(scratch / f"{name}.c"), *arguments], check=True)
    return output


def python(scratch: Path) -> Package:
    """The interpreter at hand, made movable: its library is found beside it."""
    library = Path(sysconfig.get_path("stdlib"))
    home = f"lib/python{PYTHON}"
    left_out = {"test", "idlelib", "tkinter", "turtledemo", "lib2to3", "ensurepip", "pydoc_data", "site-packages",
                "dist-packages", "__pycache__", "distutils"}
    files: dict[str, bytes | Path | str] = {}
    for directory, names, leaves in os.walk(library):
        names[:] = [n for n in names if n not in left_out and not n.startswith("config-")]
        for leaf in leaves:
            path = Path(directory, leaf)
            # Debian's mark that pip has to keep out is not conda's.
            if path.is_file() and leaf != "EXTERNALLY-MANAGED":
                files[f"{home}/{path.relative_to(library)}"] = path
    if "posix_local" in sysconfig.get_scheme_names():
        # Debian's own layout has no site-packages.
        layout = Path(library, "sysconfig.py").read_text()
        files[f"{home}/sysconfig.py"] = layout.replace("= 'posix_local'", "= 'posix_prefix'").encode()
        files[f"{home}/sitecustomize.py"] = (
            "import site, sys\n"
            f"site.addsitedir(sys.prefix + '/{home}/site-packages')\n"
        )
    shared = Path(sysconfig.get_config_var("LIBDIR") or "/nowhere", sysconfig.get_config_var("INSTSONAME") or "none")
    if sysconfig.get_config_var("Py_ENABLE_SHARED") and shared.is_file():
        program = compiled(
            [str(shared), "-Wl,-rpath,$ORIGIN/../lib"],
            "extern int Py_BytesMain(int, char **);\nint main(int c, char **v) { return Py_BytesMain(c, v); }\n",
            scratch, "python")
        slim = scratch / shared.name
        shutil.copy(shared, slim)
        subprocess.run(["strip", "--strip-debug", str(slim)], check=False)
        files[f"lib/{shared.name}"] = slim
    else:
        program = Path(os.path.realpath(sys.executable))
    files[f"bin/python{PYTHON}"] = program
    files["bin/python3"] = f"->python{PYTHON}"
    files["bin/python"] = f"->python{PYTHON}"
    files[f"{home}/site-packages/README.txt"] = b"packages go here\n"
    return Package("python", VERSION, "h0_cpython", files=files, executables={f"bin/python{PYTHON}"})


def distribution(name: str, version: str, code: str, requires: str = "", **more: object) -> Package:
    """A noarch Python package with the metadata that pip and uv look for."""
    module = name.replace("-", "_")
    info = f"site-packages/{module}-{version}.dist-info"
    record = f"{module}.py,,\n{module}-{version}.dist-info/METADATA,,\n"
    return Package(
        name, version, "pyh_0", noarch="python", depends=["python >=3.9"],
        files={
            f"site-packages/{module}.py": code, f"{info}/INSTALLER": "conda\n", f"{info}/RECORD": record,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: demo\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }, **more)  # type: ignore[arg-type]


def compiled_packages(scratch: Path) -> list[Package]:
    packages = []
    for version in ("1.0", "2.0"):
        # Where it was linked from must not matter: DT_RPATH, as conda's packages have it.
        library = compiled(
            ["-shared", "-fPIC", "-Wl,-soname,libdemo.so"], f"int demo(void) {{ return {version[0]}; }}\n", scratch,
            f"{version}/libdemo.so")
        packages.append(Package("libdemo", version, files={"lib/libdemo.so": library}))
    program = compiled(
        [str(library), "-Wl,-rpath,$ORIGIN/../lib,--disable-new-dtags"],
        '#include <stdio.h>\nextern int demo(void);\n'
        f'static volatile const char prefix[] = "{PLACEHOLDER}/share";\n'
        'int main(void) { printf("%d %s\\n", demo(), (const char *)prefix); return 0; }\n', scratch, "demo-program")
    packages.append(
        Package(
            "demo-program", "1.0", depends=["libdemo >=2"],
            files={
                "bin/demo-program": program, "etc/demo.conf": f"root = {PLACEHOLDER}\n",
                "etc/conda/env_vars.d/demo.json": json.dumps({"DEMO_HOME": "here"}),
                "etc/conda/activate.d/demo.sh": "export DEMO_ACTIVE=1\n",
                "etc/conda/deactivate.d/demo.sh": "unset DEMO_ACTIVE\n",
            },
            placeholders={"bin/demo-program": "binary", "etc/demo.conf": "text"}, executables={"bin/demo-program"}))
    return packages


def main() -> None:
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        packages = [python(scratch), *compiled_packages(scratch)]
        packages += [
            distribution("six", "1.15.0", "__version__ = '1.15.0'\nPY3 = True\n"),
            distribution("pip", "24.0", "__version__ = '24.0'\n"),
            distribution(
                "demo-tool", "1.0", "def main():\n    print('the tool runs')\n", entry_points=["demo-tool = demo_tool:main"]),
            # The one for CUDA has the higher build number, as on conda-forge.
            Package("accel", "1.0", "cpu_0", files={"share/accel": b"cpu\n"}),
            Package("accel", "1.0", "cuda_1", 1, depends=["__cuda >=12"], files={"share/accel": b"cuda\n"}),
            Package("needs-glibc", "1.0", depends=["__glibc >=2.17"], files={"share/needs-glibc": b""}),
            Package("needs-future", "1.0", depends=["__glibc >=99"], files={"share/needs-future": b""}),
            Package("old-format", "1.0", files={"share/old-format": b"bz2\n"}, suffix=".tar.bz2"),
            Package("wants-one", "1.0", depends=["libdemo <2"], files={"share/wants-one": b""}),
            Package("wants-two", "1.0", depends=["libdemo >=2"], files={"share/wants-two": b""}),
            Package("wants-nothing-known", "1.0", depends=["no-such-thing"], files={"share/wants-nothing": b""}),
            Package("clash-a", "1.0", files={"share/clash.txt": b"a\n"}),
            Package("clash-b", "1.0", files={"share/clash.txt": b"b\n"}),
            Package(
                "post-link", "1.0", files={"bin/.post-link-post-link.sh": b"#!/bin/sh\n: > \"$PREFIX/it-ran\"\n"},
                executables={"bin/.post-link-post-link.sh"}),
            Package("wrong-hash", "1.0", files={"share/wrong-hash": b""}, sha256="0" * 64),
            Package("truncated", "1.0", files={"share/truncated": os.urandom(4096)}, truncated=True),
            Package("climbs-out", "1.0", claimed={"../../climbed-out": b"", "../climbed-out": b""}),
            Package("absolute", "1.0", claimed={str(target / "absolute"): b""}),
            Package("through-link", "1.0", files={"share/out": "->../../../..", "share/fine": b""},
                    claimed={"share/out/climbed-out": b""}),
            Package("links-out", "1.0", files={"share/way": "->../../../.."}),
            Package("goes-through", "1.0", files={"share/way/climbed-out": b""}),
            Package("climbing-archive", "1.0", files={"share/fine": b""}, unlisted={"../../../climbed-out": b""}),
            Package("linking-archive", "1.0", files={"share/fine": b""},
                    unlisted={"out": "->../..", "out/climbed-out": b""}),
            # Reaches for the user's shells and for every program.
            Package(
                "reaches-out", "1.0", files={
                    "etc/conda/env_vars.d/reaches-out.json": json.dumps(
                        {"LD_PRELOAD": "/reached/out.so", "REACHES_DATA": "here"}),
                    "etc/conda/activate.d/reaches-out.sh":
                        "export BASH_ENV=/reached REACHES_SCRIPT=1\nPROMPT_COMMAND=': reached'\nreached() { :; }\n",
                    "etc/conda/deactivate.d/reaches-out.sh": "export ENV=/reached\n"}),
            Package("big", "1.0", files={"share/big": os.urandom(8 << 20)}),
            Package("layered", "1.0", files={"share/layered": b"1\n"}),
            Package("wants-layered", "1.0", depends=["layered >=2"], files={"share/wants-layered": b""}),
            Package("moving", "1.0", files={"share/moving": b"1\n"}),
            Package("moving", "1.1", files={"share/moving": b"1.1\n"}),
        ]
        bad = distribution("bad-entry", "1.0", "main = print\n", entry_points=["../../climbed-out = bad_entry:main"])
        write(target / "main", [*packages, bad])
        write(target / "other", [Package("layered", "2.0", files={"share/layered": b"2\n"}),
                                 Package("only-other", "1.0", files={"share/only-other": b""})])


main()
