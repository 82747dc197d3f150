#!/usr/bin/env python3
"""Measures which lines of the library and the program the tests run, and fails below 95 %.

Usage: tests/coverage/run.py [--keep]

Prints the coverage of each part and the files with most lines that no test runs. With --keep, the profiles of the last run are
evaluated again. Requires cargo-llvm-cov, cargo-nextest and the component llvm-tools of rustup. Takes about ten minutes.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
MINIMUM = 95.0
# Long property tests that run no line which others do not.
SKIPPED = "all() - binary(cut_off) - test(mutated_fixtures)"
REPORT = ROOT / "target/coverage.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true", help="evaluate the profiles of the last run")
    if not parser.parse_args().keep:
        subprocess.run(["cargo", "llvm-cov", "nextest", "--no-report", "--no-fail-fast", "-E", SKIPPED], cwd=ROOT, check=True)
    # Tests that kill the program leave profiles that are cut off.
    report = ["cargo", "llvm-cov", "report", "--json", "--output-path", REPORT, "--failure-mode", "all"]
    subprocess.run(report, cwd=ROOT, check=True)

    lines, covered, files = Counter(), Counter(), []
    for file in json.loads(REPORT.read_text())["data"][0]["files"]:
        path = Path(file["filename"])
        if SOURCE not in path.parents:
            continue
        path = path.relative_to(SOURCE)
        counts = file["summary"]["lines"]
        part = path.parts[0].removesuffix(".rs")
        lines[part] += counts["count"]
        covered[part] += counts["covered"]
        files.append((counts["count"] - counts["covered"], path.as_posix()))
    for part in sorted(lines):
        print(f"{part:16} {lines[part]:6} lines {100 * covered[part] / max(1, lines[part]):6.1f} %")
    for missed, path in sorted(files, reverse=True)[:10]:
        print(f"{missed:4} lines not run in src/{path}")
    total = 100 * covered.total() / lines.total()
    print(f"all: {total:.1f} % of {lines.total():,} lines")
    return 0 if total >= MINIMUM else f"below {MINIMUM} %"


if __name__ == "__main__":
    sys.exit(main())
