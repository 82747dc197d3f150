#!/usr/bin/env python3
"""Writes the software bill of materials of the program, as CycloneDX 1.6 in JSON, to standard output.

Usage: sbom.py [--release | --target TARGET]... [--manifest-path PATH] [--notices]

    --release             only the packages that the targets of a release need
    --target TARGET       only the packages that this target needs; repeatable [default: every target]
    --manifest-path PATH  the Cargo.toml of the program [default: that of the project]
    --notices             instead writes the licence texts of the packages that are compiled into the program

Listed are the packages that are compiled into the program, with scope "required", and those that only take part in its
build, such as procedural macros, with scope "excluded". Each has its licence, the checksum of Cargo.lock and its direct
dependencies. The same commit gives the same bytes: the time is that of the commit, or SOURCE_DATE_EPOCH.

Uses cargo and git; cargo downloads packages that are not there yet.
"""

import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path
from urllib.parse import quote

sys.dont_write_bytecode = True
from release import TARGETS  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"


def output_of(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


def metadata(manifest):
    return json.loads(output_of("cargo", "metadata", "--locked", "--format-version=1", "--manifest-path", str(manifest)))


def checksums(lock):
    """Returns the SHA-256 of each package of a Cargo.lock, by name and version."""
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    return {(package["name"], package["version"]): package.get("checksum") for package in packages}


def tree(manifest, targets, kinds):
    """Returns the packages that the program needs by edges of these kinds, each with the packages that it needs itself.

    A package is its name and version. `cargo metadata` has the features of tests also in the packages of the program;
    `cargo tree` has not.
    """
    needs = {}
    for target in targets or ["all"]:
        lines = output_of(
            "cargo", "tree", "--locked", "--manifest-path", str(manifest), "--edges", kinds, "--target", target,
            "--prefix", "depth", "--format", " {p}",
        )  # fmt: skip
        path = []
        for line in lines.splitlines():
            depth, name, version = re.match(r"(\d+) (\S+) v(\S+)", line).groups()
            del path[int(depth) :]
            if path:
                needs[path[-1]].add((name, version))
            path.append((name, version))
            needs.setdefault(path[-1], set())
    return needs


def purl(package):
    return f"pkg:cargo/{quote(package['name'])}@{quote(package['version'])}"


def licence(package):
    # Before 2018 a slash was customary.
    expression = re.sub(r"\s*/\s*", " OR ", package["license"])
    return [{"expression": expression}]


def component(package, scope, sums):
    described = {
        "type": "library",
        "bom-ref": purl(package),
        "name": package["name"],
        "version": package["version"],
        "scope": scope,
        "licenses": licence(package),
        "purl": purl(package),
    }
    if package["description"]:
        described["description"] = " ".join(package["description"].split())
    checksum = sums[(package["name"], package["version"])]
    if checksum:
        described["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    elif package["source"] == REGISTRY:
        sys.exit(f"{package['name']} has no checksum in Cargo.lock")
    if package["repository"]:
        described["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return described


def notices(packages):
    """Returns the licence texts of packages, each text once, below the packages that it is from."""
    names = re.compile(r"(licen[cs]e|copying|notice|unlicense|copyright)([-_.].*)?", re.IGNORECASE)
    owners = {}
    for package in packages:
        folder = Path(package["manifest_path"]).parent
        # C code that a package contains has its licence in a folder of its own.
        files = [file for file in [*folder.glob("*"), *folder.glob("*/*")] if file.is_file() and names.fullmatch(file.name)]
        title = f"{package['name']} {package['version']} ({package['license']})"
        for file in sorted(files):
            text = file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip()
            owners.setdefault(text, set()).add(title)
        if not files:
            owners.setdefault("The package states its licence, and contains no text of it.", set()).add(title)
    parts = sorted(("\n".join(sorted(titles)), text) for text, titles in owners.items())
    return "\n\n".join(f"{'=' * 80}\n{titles}\n{'-' * 80}\n{text}" for titles, text in parts) + "\n"


def commit_time():
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or output_of("git", "log", "-1", "--format=%ct").strip()
    return datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--target", action="append", default=[])
    arguments.add_argument("--notices", action="store_true")
    arguments.add_argument("--release", dest="target", action="store_const", const=TARGETS)
    arguments.add_argument("--manifest-path", type=Path, default=ROOT / "Cargo.toml")
    arguments = arguments.parse_args()
    arguments.manifest_path = arguments.manifest_path.resolve()

    data = metadata(arguments.manifest_path)
    sums = checksums(Path(data["workspace_root"]) / "Cargo.lock")
    packages = {(package["name"], package["version"]): package for package in data["packages"]}
    needs = tree(arguments.manifest_path, arguments.target, "normal,build")
    required = tree(arguments.manifest_path, arguments.target, "normal,no-proc-macro")
    root = next(iter(needs))
    if arguments.notices:
        sys.stdout.write(notices(packages[one] for one in sorted(required) if one != root))
        return
    program = component(packages[root], "required", sums)
    program.update({"type": "application", "bom-ref": purl(packages[root])})
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": commit_time(),
            "lifecycles": [{"phase": "build"}],
            "tools": {"components": [{"type": "application", "name": "countersign/.ci/sbom.py"}]},
            "component": program,
            "properties": [{"name": "cargo:target", "value": target} for target in arguments.target],
        },
        "components": [
            component(packages[one], "required" if one in required else "excluded", sums)
            for one in sorted(needs)
            if one != root
        ],
        "dependencies": [
            {"ref": purl(packages[one]), "dependsOn": sorted(purl(packages[needed]) for needed in needs[one])}
            for one in sorted(needs)
        ],
    }
    # The same contents have the same serial number.
    contents = json.dumps(bill, sort_keys=True)
    bill["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, contents)}"
    json.dump(bill, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
