#!/usr/bin/env python3
"""Builds the archive of a release for one target, and checks it.

Usage: release.py archive TARGET FOLDER [--binary PATH] [--foreign]
       release.py version [TAG]
       release.py checksums FOLDER

    archive    builds the program for TARGET and writes countersign-VERSION-TARGET.tar.gz into FOLDER, or .zip for Windows:
               the program, the manual page, completions, licences, README and changelog. The program is then unpacked
               from the archive and run. Linux programs are linked by zig, which `cargo zigbuild` calls: they run with
               glibc 2.17 or later, or with musl without any library.
      --binary PATH  archives this program instead of building one
      --foreign      does not run the program, and leaves out what only it can write; for a target of another machine
    version    prints the version, after checking that every package of the project has it, and that TAG names it
    checksums  writes SHA256SUMS for the files in FOLDER

The same program gives the same archive, byte by byte.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import re
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGETS = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
]
# The oldest version of the C library that the standard library of Rust supports.
GLIBC = "2.17"
SHELLS = {"bash": "countersign.bash", "zsh": "_countersign", "fish": "countersign.fish", "powershell": "_countersign.ps1"}
TEXTS = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"]


def run(*command, code=0, **options):
    done = subprocess.run([str(part) for part in command], cwd=ROOT, text=True, encoding="utf-8", **options)
    if done.returncode != code:
        sys.exit(f"{command[0]} exited with {done.returncode} instead of {code}: {' '.join(map(str, command[1:]))}")
    return done.stdout


def manifest(path):
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


def versions():
    """Returns the version in each manifest of the project that has one."""
    found = {}
    for path in run("git", "ls-files", "Cargo.toml", "integrations/*", stdout=subprocess.PIPE).splitlines():
        name = Path(path).name
        if name == "Cargo.toml":
            found[path] = manifest(path)["package"]["version"]
        elif name == "pyproject.toml":
            project = manifest(path)["project"]
            if "version" not in project.get("dynamic", []):
                found[path] = project["version"]
        elif name == "package.json":
            package = json.loads((ROOT / path).read_text(encoding="utf-8"))
            if "version" in package:
                found[path] = package["version"]
    return found


def version(tag=None):
    found = versions()
    own = found["Cargo.toml"]
    differing = {path: other for path, other in found.items() if other != own}
    if differing:
        sys.exit(f"Cargo.toml has version {own}, but {differing}")
    if tag is not None and tag != f"v{own}":
        sys.exit(f"the tag {tag} does not name version {own}")
    if tag is not None and not re.search(rf"^## {re.escape(own)}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M):
        sys.exit(f"CHANGELOG.md has no section {own}")
    return own


def build(target):
    """Builds the program and returns its path."""
    is_linux = "-linux-" in target
    named = f"{target}.{GLIBC}" if target.endswith("-linux-gnu") else target
    environment = dict(os.environ)
    if target.endswith("-windows-msvc"):
        # The program brings the C runtime along.
        environment["RUSTFLAGS"] = environment.get("RUSTFLAGS", "") + " -C target-feature=+crt-static"
    run("cargo", "zigbuild" if is_linux else "build", "--release", "--locked", "--bin", "countersign", "--target", named, env=environment)
    data = json.loads(run("cargo", "metadata", "--no-deps", "--format-version=1", stdout=subprocess.PIPE))
    name = "countersign.exe" if "-windows-" in target else "countersign"
    return Path(data["target_directory"]) / target / "release" / name


def files_of(program, target, is_foreign):
    """Returns the files of the archive, each with its content and whether it can be run."""
    notices = run(sys.executable, ".ci/sbom.py", "--target", target, "--notices", stdout=subprocess.PIPE)
    files = {program.name: (program.read_bytes(), True), "THIRD-PARTY-LICENSES.txt": (notices.encode(), False)}
    for name in TEXTS:
        files[name] = ((ROOT / name).read_bytes(), False)
    if not is_foreign:
        output = lambda *arguments: subprocess.run([program, *arguments], check=True, stdout=subprocess.PIPE).stdout
        files["man/countersign.1"] = (output("man"), False)
        for shell, name in SHELLS.items():
            files[f"completions/{name}"] = (output("completions", shell), False)
    return dict(sorted(files.items()))


def commit_time():
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or run("git", "log", "-1", "--format=%ct", stdout=subprocess.PIPE)
    return int(seconds)


def write_tar(path, stem, files, seconds):
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, (content, is_program) in files.items():
            entry = tarfile.TarInfo(f"{stem}/{name}")
            entry.size, entry.mtime, entry.mode = len(content), seconds, 0o755 if is_program else 0o644
            archive.addfile(entry, io.BytesIO(content))
    # Without a name and a time of its own.
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as compressed:
        compressed.write(plain.getvalue())


def write_zip(path, stem, files, seconds):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, is_program) in files.items():
            entry = zipfile.ZipInfo(f"{stem}/{name}", time.gmtime(seconds)[:6])
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = (stat.S_IFREG | (0o755 if is_program else 0o644)) << 16
            archive.writestr(entry, content)


def check_libraries(program, target):
    """Checks that a Linux program needs no C library newer than GLIBC, or none at all."""
    content = program.read_bytes()
    if target.endswith("-linux-gnu"):
        needed = {tuple(map(int, version.split(b"."))) for version in re.findall(rb"GLIBC_(\d+\.\d+)", content)}
        if not needed or max(needed) > tuple(map(int, GLIBC.split("."))):
            sys.exit(f"the program needs these versions of glibc: {sorted(needed)}")
    elif target.endswith("-linux-musl") and re.search(rb"/lib(?:64)?/ld-", content):
        sys.exit("the program is linked dynamically")


def check(path, stem, name):
    """Unpacks an archive and runs the program in it."""
    with tempfile.TemporaryDirectory() as folder:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                archive.extractall(folder)
        else:
            with tarfile.open(path) as archive:
                archive.extractall(folder, filter="data")
        program = Path(folder) / stem / name
        shown = run(program, "--version", stdout=subprocess.PIPE)
        if shown.split() != ["countersign", version()]:
            sys.exit(f"the program is {shown!r}")
        options = ["check", "--no-config", "--no-progress", "--quiet", "--today", "2026-01-01", "--format", "concise"]
        run(program, *options, "fixtures/valid/order/azure-line.json", stdout=subprocess.DEVNULL)
        invalid = "fixtures/invalid/order/tenant-id-shape.json"
        found = run(program, *options, invalid, code=1, stdout=subprocess.PIPE)
        if "error[order/tenant-id-shape]" not in found:
            sys.exit(f"the program does not report the mistake in {invalid}: {found}")


def archive(target, folder, binary, is_foreign):
    if target not in TARGETS:
        sys.exit(f"a release has no target {target}; it has {', '.join(TARGETS)}")
    program = binary or build(target)
    check_libraries(program, target)
    stem = f"countersign-{version()}-{target}"
    is_windows = "-windows-" in target
    path = folder / f"{stem}{'.zip' if is_windows else '.tar.gz'}"
    folder.mkdir(parents=True, exist_ok=True)
    files = files_of(program.resolve(), target, is_foreign)
    (write_zip if is_windows else write_tar)(path, stem, files, commit_time())
    if not is_foreign:
        check(path, stem, program.name)
    print(path)


def checksums(folder):
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    if not names:
        sys.exit(f"{folder} has no files")
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="\n")
    print("".join(lines), end="")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    of_archive = commands.add_parser("archive")
    of_archive.add_argument("target")
    of_archive.add_argument("folder", type=Path)
    of_archive.add_argument("--binary", type=Path)
    of_archive.add_argument("--foreign", action="store_true")
    commands.add_parser("version").add_argument("tag", nargs="?")
    commands.add_parser("checksums").add_argument("folder", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "archive":
        archive(arguments.target, arguments.folder, arguments.binary, arguments.foreign)
    elif arguments.command == "version":
        print(version(arguments.tag))
    else:
        checksums(arguments.folder)


if __name__ == "__main__":
    main()
