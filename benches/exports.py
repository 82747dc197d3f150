#!/usr/bin/env python3
"""Measures the time and memory of countersign on large exports, and compares the findings of all layouts.

Usage: exports.py [--bytes 2G] [--files 10000] [--countersign target/release/countersign]

Generates orders in a temporary folder of about three times --bytes: as lines, as an array, as an envelope
compressed with gzip, and as one file per record. Prints a Markdown table; fails if the findings depend on
the layout or the number of jobs. Requires rustc and GNU time.
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


def run_check(program, flags, path):
    """Checks `path`; returns the seconds, the peak memory in MiB and the report."""
    with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile("r") as usage:
        # GNU time starts the check, because a child of this process would start with the memory of Python.
        command = ["/usr/bin/time", "--format", "%e %M", "--output", usage.name, program, "check", "--no-config",
                   "--today", "none", "--kind", "order", "--form", "request", "--format", "ndjson",
                   "--fail-on", "never", "--quiet", *flags, str(path)]
        if subprocess.run(command, stdout=out).returncode != 0:
            sys.exit(f"{path}: countersign failed")
        seconds, memory = usage.read().split()
        out.seek(0)
        return float(seconds), int(memory) / 1024, out.read()


def findings_digest(report, record_index=None):
    """Returns the number of findings and a digest of them that does not depend on the layout."""
    digest, count = hashlib.sha256(), 0
    for line in report.splitlines():
        finding = json.loads(line)
        record = record_index(finding) if record_index else finding["record"]["index"]
        pointer = re.sub(r"^(/data)?/\d+(?=/|$)", "", finding["pointer"])
        fields = [record, finding["rule"], finding["level"], pointer, finding["message"]]
        digest.update(json.dumps(fields).encode())
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
    """Generates the exports in `folder`, measures them and prints the table."""
    generator = folder / "generate"
    source = ROOT / "benches/generate.rs"
    subprocess.run(["rustc", "-O", "--edition", "2024", source, "-o", generator], check=True)

    def generate(name, *flags):
        path = folder / name
        subprocess.run([generator, *flags, "--out", path], check=True, stderr=subprocess.DEVNULL)
        return path

    def best(path, *choices):
        """Returns the fastest of three runs for each choice of flags; the choices take turns."""
        runs = [[run_check(options.countersign, flags, path) for flags in choices] for _ in range(3)]
        return [min(choice, key=lambda run: run[0]) for choice in zip(*runs)]

    def row(name, path, *flags, run=None):
        """Prints a row of the table, for the given run or the best of new ones; returns the run."""
        seconds, memory, report = run or best(path, flags)[0]
        megabytes = (path.stat().st_size if path.is_file() else 0) / 1e6
        rate = f"{megabytes / seconds:.0f}" if megabytes else ""
        print(f"| {name} | {' '.join(flags)} | {seconds:.2f} | {rate} | {memory:.1f} | {len(report.splitlines())} |", flush=True)
        return seconds, memory, report

    print("| export | flags | seconds | MB/s | peak MiB | findings |\n|---|---|--:|--:|--:|--:|")
    faults = ("--faults", "0.05")
    clean = generate("clean.ndjson", "--bytes", str(size))
    jobs = [("--jobs", "1"), ("--jobs", "2")]
    both = best(clean, *jobs)
    (one, _, _), (two, large, _) = (row("lines, all valid", clean, *flags, run=run) for flags, run in zip(jobs, both))
    tenth = generate("tenth.ndjson", "--bytes", str(size // 10))
    short, small, _ = row("a tenth of it", tenth, "--jobs", "2")
    clean.unlink()
    lines = generate("faulty.ndjson", "--bytes", str(size), *faults)
    faulty, _, report = row("lines, 5 % faulty", lines, "--jobs", "2")
    _, _, single_job = row("lines, 5 % faulty", lines, "--jobs", "1")
    lines.unlink()
    digests = [findings_digest(report)]
    if report != single_job:
        sys.exit("the findings of one job and of two differ")
    array = generate("faulty.json", "--bytes", str(size), *faults, "--as", "array")
    digests.append(findings_digest(row("one array", array, "--jobs", "2")[2]))
    array.unlink()
    envelope = generate("envelope.json", "--bytes", str(size), *faults, "--as", "envelope")
    compressed = folder / "envelope.json.gz"
    with envelope.open("rb") as plain, gzip.open(compressed, "wb", compresslevel=1) as out:
        shutil.copyfileobj(plain, out, 1 << 20)
    envelope.unlink()
    digests.append(findings_digest(row("an envelope in .gz", compressed, "--jobs", "2")[2]))
    compressed.unlink()
    if len(set(digests)) > 1:
        sys.exit(f"the findings of the layouts differ: {digests}")

    few = ("--records", str(options.files), *faults)
    single = generate("files", *few, "--as", "files")
    indices = {str(path): index for index, path in enumerate(sorted(single.rglob("*.json")))}
    report = row(f"{options.files:,} files", single, "--jobs", "2")[2]
    files = findings_digest(report, lambda finding: indices[finding["file"]])
    lines = findings_digest(row("the same as lines", generate("few.ndjson", *few), "--jobs", "2")[2])
    if files != lines:
        sys.exit(f"the findings of files and lines differ: {files}, {lines}")
    print(f"\nTwo jobs are {one / two:.2f} times as fast as one. Faults cost {faulty / two:.2f} times the time.")
    print(f"Ten times the bytes take {two / short:.1f} times the time and {large / small:.2f} times the memory.")


if __name__ == "__main__":
    main()
