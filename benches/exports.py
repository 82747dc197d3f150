#!/usr/bin/env python3
"""Measures countersign over large exports: time, memory, and that every form says the same.

Usage: exports.py [--bytes 2G] [--files 10000] [--countersign target/release/countersign]

Writes generated orders to a new folder, which takes some three times --bytes and is removed in the
end: as lines, as one array, as an envelope compressed with gzip, and one file a record. Prints a
Markdown table; fails if the forms or the numbers of jobs do not say the same. Needs rustc and GNU time.
"""

import argparse
import gzip
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


def run(program, flags, path):
    """The seconds and the peak memory in MiB of a check of `path`, and what it reports."""
    with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile("r") as usage:
        # Measured by a process between: a child begins with what its parent held.
        command = ["/usr/bin/time", "--format", "%e %M", "--output", usage.name, program, "check", "--no-config",
                   "--today", "none", "--kind", "order", "--form", "request", "--format", "ndjson",
                   "--fail-on", "never", "--quiet", *flags, str(path)]
        if subprocess.run(command, stdout=out).returncode != 0:
            sys.exit(f"{path}: countersign failed")
        seconds, memory = usage.read().split()
        out.seek(0)
        return float(seconds), int(memory) / 1024, out.read()


def gist(report, numbers=None):
    """What the findings of a report say, whatever form the records came in."""
    digest, count = hashlib.sha256(), 0
    for line in report.splitlines():
        finding = json.loads(line)
        record = numbers(finding) if numbers else finding["record"]["index"]
        pointer = re.sub(r"^(/data)?/\d+(?=/|$)", "", finding["pointer"])
        said = [record, finding["rule"], finding["level"], pointer, finding["message"]]
        digest.update(json.dumps(said).encode())
        count += 1
    return count, digest.hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bytes", default="2G")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--countersign", default=str(ROOT / "target/release/countersign"))
    options = parser.parse_args()
    number, unit = re.fullmatch(r"(\d+)([KMG]?)", options.bytes).groups()
    size = int(number) * UNITS[unit]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="countersign-exports-"))
    try:
        measure(options, size, folder)
    finally:
        shutil.rmtree(folder)


def measure(options, size, folder):
    generator = folder / "generate"
    source = ROOT / "benches/generate.rs"
    subprocess.run(["rustc", "-O", "--edition", "2024", source, "-o", generator], check=True)

    def generate(name, *flags):
        path = folder / name
        subprocess.run([generator, *flags, "--out", path], check=True, stderr=subprocess.DEVNULL)
        return path

    def best(path, *choices):
        """For each choice of flags the quickest of three runs, made in turns."""
        runs = [[run(options.countersign, flags, path) for flags in choices] for _ in range(3)]
        return [min(choice, key=lambda r: r[0]) for choice in zip(*runs)]

    def row(name, path, *flags, found=None):
        seconds, memory, report = found or best(path, flags)[0]
        megabytes = (path.stat().st_size if path.is_file() else 0) / 1e6
        rate = f"{megabytes / seconds:.0f}" if megabytes else ""
        print(f"| {name} | {' '.join(flags)} | {seconds:.2f} | {rate} | {memory:.1f} | {len(report.splitlines())} |", flush=True)
        return seconds, memory, report

    print("| export | flags | seconds | MB/s | peak MiB | findings |\n|---|---|--:|--:|--:|--:|")
    faults = ("--faults", "0.05")
    clean = generate("clean.ndjson", "--bytes", str(size))
    jobs = [("--jobs", "1"), ("--jobs", "2")]
    both = best(clean, *jobs)
    (one, _, _), (two, large, _) = (row("lines, all valid", clean, *flags, found=found) for flags, found in zip(jobs, both))
    tenth = generate("tenth.ndjson", "--bytes", str(size // 10))
    short, small, _ = row("a tenth of it", tenth, "--jobs", "2")
    clean.unlink()
    lines = generate("faulty.ndjson", "--bytes", str(size), *faults)
    faulty, _, report = row("lines, 5 % faulty", lines, "--jobs", "2")
    _, _, alone = row("lines, 5 % faulty", lines, "--jobs", "1")
    lines.unlink()
    same = [gist(report)]
    if report != alone:
        sys.exit("the numbers of jobs do not say the same")
    array = generate("faulty.json", "--bytes", str(size), *faults, "--as", "array")
    same.append(gist(row("one array", array, "--jobs", "2")[2]))
    array.unlink()
    envelope = generate("envelope.json", "--bytes", str(size), *faults, "--as", "envelope")
    packed = folder / "envelope.json.gz"
    with envelope.open("rb") as plain, gzip.open(packed, "wb", compresslevel=1) as out:
        shutil.copyfileobj(plain, out, 1 << 20)
    envelope.unlink()
    same.append(gist(row("an envelope in .gz", packed, "--jobs", "2")[2]))
    packed.unlink()
    if len(set(same)) > 1:
        sys.exit(f"the forms do not say the same: {same}")

    few = ("--records", str(options.files), *faults)
    single = generate("files", *few, "--as", "files")
    places = {str(path): place for place, path in enumerate(sorted(single.rglob("*.json")))}
    files = gist(row(f"{options.files:,} files", single, "--jobs", "2")[2], lambda finding: places[finding["file"]])
    together = gist(row("the same as lines", generate("few.ndjson", *few), "--jobs", "2")[2])
    if files != together:
        sys.exit(f"files and lines do not say the same: {files}, {together}")
    print(f"\nTwo jobs are {one / two:.2f} times as fast as one. Faults cost {faulty / two:.2f} times the time.")
    print(f"Ten times the bytes take {two / short:.1f} times the time and {large / small:.2f} times the memory.")


if __name__ == "__main__":
    main()
