#!/usr/bin/env python3
"""Checks that nothing is lost when a run fails: at every system call that writes, for every kind of output.

Usage: tests/faults/run.py [PROGRAM] [--tries N]

PROGRAM is the binary under test [default: target/release/countersign]. strace counts the system calls with which a run
writes, renames and removes files, and then makes each of them fail in turn: the process is killed or interrupted, the
disk or the quota is full, the device reports an error, the file system is read-only, access is denied, or the call has to
be repeated. After each failure,

- an input is as it was, or completely fixed;
- an output is absent, as it was, or complete; the report of an interrupted run is about a part of the input;
- the exit code is 2 if an output is missing and the process was not killed, or 130 if it was interrupted;
- the next run removes the temporary files, and its outputs are complete.

N is the maximum number of failures that are tried [default: all]. Requires Linux and strace.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_CALLS = "write,writev,pwrite64,rename,renameat,renameat2,unlink,unlinkat,fsync,fchmod,fchown,ftruncate,copy_file_range,sendfile,flock"
INTERRUPTS = ("signal=TERM", "signal=INT")
ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EROFS", "EACCES", "EINTR")
FAULTS = ("signal=KILL", *INTERRUPTS, *(f"error={error}" for error in ERRORS))
ORDER = json.loads((ROOT / "fixtures/valid/order/new-tenant-full.json").read_text())


def order(number, is_faulty):
    order = {**ORDER, "customerId": str(1000400000 + number)}
    # A number in quotes has a safe fix.
    order["products"] = [{**ORDER["products"][0], "quantity": "3" if is_faulty else 3}]
    return order


def lines(count):
    return "".join(json.dumps(order(number, number % 3 == 0)) + "\n" for number in range(count))


def array(count):
    return json.dumps([order(number, number % 3 == 0) for number in range(count)], indent=1)


# Each scenario: its input, the arguments, and the files that the run writes besides the input.
SCENARIOS = {
    "fix lines": ("orders.ndjson", lines(420), ["--fix"], []),
    "fix an array": ("orders.json", array(60), ["--fix"], []),
    "fix a document": ("order.json", json.dumps(order(0, True), indent=2), ["--fix"], []),
    "reports": (
        "orders.ndjson",
        lines(40),
        [f"--format={name}={name}.out" for name in ("json", "ndjson", "sarif", "html", "junit", "checkstyle", "markdown")],
        [f"{name}.out" for name in ("json", "ndjson", "sarif", "html", "junit", "checkstyle", "markdown")],
    ),
    "split": (
        "orders.ndjson",
        lines(400),
        ["--format=ndjson=report.out", "--valid-out=valid.ndjson", "--invalid-out=invalid.ndjson"],
        ["report.out", "valid.ndjson", "invalid.ndjson"],
    ),
    "compressed split": (
        "orders.ndjson",
        lines(400),
        ["--format=ndjson=report.out", "--valid-out=valid.ndjson.gz", "--invalid-out=invalid.ndjson.zst"],
        ["report.out", "valid.ndjson.gz", "invalid.ndjson.zst"],
    ),
    "baseline": ("orders.ndjson", lines(40), ["--format=ndjson=report.out", "--write-baseline=baseline.json"], ["report.out", "baseline.json"]),
    "fix and report": ("orders.ndjson", lines(100), ["--fix", "--format=sarif=report.out"], ["report.out"]),
}


class Scenario:
    def __init__(self, program, name):
        self.program, self.name = program, name
        self.input, self.text, self.arguments, self.outputs = SCENARIOS[name]
        with tempfile.TemporaryDirectory() as folder:
            self.folder = Path(folder)
            self.complete = {}
            trace = self.run([], Path(folder) / "trace")[1]
            calls = [call for call in trace if self.is_counted(call)]
            self.complete = self.files()
        self.calls = len(calls)
        if self.calls < 2:
            sys.exit(f"{name}: strace saw {self.calls} system calls")

    @staticmethod
    def is_counted(call):
        return re.match(r"(\d+ +)?(\w+)\(", call) and "resumed>" not in call

    def run(self, strace, trace=None, is_old=False):
        """Runs the scenario in a folder with only the input, and the outputs of an earlier run if there was one."""
        (self.folder / self.input).write_text(self.text)
        for name in self.outputs:
            (self.folder / name).unlink(missing_ok=True)
            if is_old:
                (self.folder / name).write_text("old")
        tracing = ["strace", "-f", "-qq", "-e", f"trace={SYSTEM_CALLS}", *strace, "-o", str(trace or os.devnull)]
        command = [*tracing, self.program, "check", "--no-config", "--no-progress", "--quiet", "--jobs=1", "--today=2026-01-01"]
        command += [*self.arguments, self.input]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, errors="replace")
        calls = trace.read_text(errors="replace").splitlines() if trace else []
        if trace:
            trace.unlink()
        return done, calls

    def files(self):
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def normalized(self, name, content):
        """The content of a report without times and durations."""
        if content is None or not name.endswith((".out", "baseline.json")):
            return content
        text = content.decode(errors="replace")
        if name.startswith("html"):
            # The report holds the duration of the run and a hash of its content.
            return len(text) // 1000, text[-20:]
        text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", "TIME", text)
        text = re.sub(r"(time=|seconds\"?: ?|duration\"?: ?\"?)[\"\d.]+", "DURATION", text)
        return re.sub(r"\b\d+(\.\d+)? (ms|s)\b", "DURATION", text)

    def check(self, index, fault, is_old):
        """Lets the system call number `index` fail, and returns what is wrong afterwards."""
        with tempfile.TemporaryDirectory() as folder:
            self.folder = Path(folder)
            done, _ = self.run(["-e", f"inject={SYSTEM_CALLS}:{fault}:when={index}"], is_old=is_old)
            after = self.files()
            wrong = []
            if after.get(self.input) not in (self.text.encode(), self.complete[self.input]):
                wrong.append(f"{self.input} is neither the old nor the new file")
            old = b"old" if is_old else None
            missing = []
            for name in self.outputs:
                found = self.normalized(name, after.get(name))
                if found == self.normalized(name, self.complete[name]):
                    continue
                # The report is about the file as it is: if its fixes failed, it has other findings.
                if "--fix" in self.arguments and after.get(self.input) == self.text.encode() and is_json(after.get(name)):
                    continue
                missing.append(name)
                if fault in INTERRUPTS and done.returncode == 130 and name.endswith(".out"):
                    continue
                if after.get(name) != old:
                    wrong.append(f"{name} is incomplete: {len(after[name])} bytes")
            was_killed = done.returncode in (-9, 137)
            allowed = (2, 130) if fault in INTERRUPTS else (2,)
            if missing and not was_killed and done.returncode not in allowed:
                wrong.append(f"exit code {done.returncode} without {', '.join(missing)}: {done.stderr[:300]}")
            if "panicked" in done.stderr or "countersign failed" in done.stderr:
                wrong.append(done.stderr[:300])
            self.run([])
            left = [name for name in self.files() if name.startswith(".countersign-")]
            if left:
                wrong.append(f"{len(left)} temporary files after the next run")
            for name, content in self.complete.items():
                found = self.files().get(name)
                if self.normalized(name, found) != self.normalized(name, content):
                    wrong.append(f"{name} differs after the next run")
            return wrong


def is_json(content):
    try:
        return content is not None and json.loads(content) is not None
    except ValueError:
        return False


def main():
    arguments = sys.argv[1:]
    tries = None
    if "--tries" in arguments:
        at = arguments.index("--tries")
        tries = int(arguments[at + 1])
        del arguments[at : at + 2]
    program = Path(arguments[0] if arguments else ROOT / "target/release/countersign").resolve()
    cases = []
    for name in SCENARIOS:
        scenario = Scenario(program, name)
        print(f"{name}: {scenario.calls} system calls", flush=True)
        each = range(1, scenario.calls + 1)
        cases += [(scenario, index, fault, is_old) for index in each for fault in FAULTS for is_old in (False, True)]
    if tries is not None and tries < len(cases):
        random.Random(7).shuffle(cases)
        del cases[tries:]
    failed = 0
    for scenario, index, fault, is_old in cases:
        for problem in scenario.check(index, fault, is_old):
            failed += 1
            print(f"FAIL {scenario.name}, {fault} at call {index}, old outputs {is_old}: {problem}", flush=True)
    print(f"{len(cases)} failures tried, {failed} problems")
    sys.exit(bool(failed))


main()
