"""Measures countersign and its peers on the same orders, and prints a Markdown table.

run.sh installs the peers, generates the orders and calls this script.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Callable

HERE = Path(__file__).resolve().parent
SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
SCHEMA = HERE / "order-with-parameters.schema.json"


@dataclass
class Tool:
    """A validator, and its row of the table."""

    name: str
    version: str
    # The input: lines, arrays or few (fewer arrays).
    reads: str
    # Returns the command for some files and whether they contain arrays.
    command: Callable[[list, bool], list]
    # Whether the tool is limited to one core; only countersign with two jobs is not.
    one_core: bool = True
    # The duration of each run, the peak memory in KiB, and the shortest duration for one small file.
    seconds: list = field(default_factory=list)
    peak: int = 0
    start: float = 0.0


def output(*command):
    """Returns the first line of a command's output, or an empty string if it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0] if lines else ""


def tools(cache, countersign, array_schema):
    """Returns the installed tools with their versions."""
    schema = lambda array: str(array_schema if array else SCHEMA)
    modules = cache / "node"
    version = lambda text: text.split()[-1] if text else ""
    found = []

    def check(*more):
        arguments = ["check", "--no-config", "--no-progress", "--format", "concise", *more]
        return lambda paths, array: [str(countersign), *arguments, *paths]

    number = version(output(str(countersign), "--version"))
    if not number:
        sys.exit(f"{countersign} cannot be run: build it first, or name the binary.")
    found.append(Tool("countersign, 1 job", number, "lines", check("--jobs", "1")))
    found.append(Tool("countersign, 2 jobs", number, "lines", check("--jobs", "2"), one_core=False))

    native = sourcemeta(modules)
    if native and (number := version(output(native, "version"))):
        fast = lambda paths, array: [native, "validate", "--fast", schema(array), *paths]
        found.append(Tool("@sourcemeta/jsonschema", number, "lines", fast))

    rust = str(cache / "rust" / "bin" / "jsonschema-cli")
    if number := version(output(rust, "--version")):
        subcommand = rust_subcommand(rust)
        cli = lambda paths, array: [rust, *subcommand, schema(array), "-i", *paths]
        found.append(Tool("jsonschema-cli", number, "arrays", cli))

    if (package := modules / "node_modules" / "ajv" / "package.json").is_file():
        number = json.loads(package.read_text())["version"]
        script = str(HERE / "ajv.mjs")
        ajv = lambda paths, array: ["node", script, str(modules), schema(array), *paths]
        found.append(Tool(f"ajv, node {output('node', '--version')}", number, "lines", ajv))

    python = str(cache / "python" / "bin" / "check-jsonschema")
    if number := version(output(python, "--version")):
        slow = lambda paths, array: [python, "--quiet", "--schemafile", schema(array), *paths]
        found.append(Tool("check-jsonschema", number, "few", slow))
    return found


def sourcemeta(modules):
    """Returns the native binary in the npm package; its wrapper would start node for each run."""
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(machine, machine)
    system = platform.system().lower()
    package = modules / "node_modules" / "@sourcemeta" / "jsonschema"
    native = next(package.rglob(f"jsonschema-{system}-{machine}"), None)
    wrapper = modules / "node_modules" / ".bin" / "jsonschema"
    return str(native or wrapper) if package.is_dir() else None


def rust_subcommand(program):
    """Returns the subcommand `validate`, which newer versions require."""
    help_text = subprocess.run([program, "--help"], capture_output=True, text=True, check=False).stdout
    return ["validate"] if "\n  validate " in help_text else []


GNU_TIME = shutil.which("time") is not None and "GNU" in output("time", "--version")


class Core:
    """A context that limits this process and its children to one core, if the system supports that."""

    def __init__(self, one):
        self.one = one and hasattr(os, "sched_setaffinity")

    def __enter__(self):
        if self.one:
            self.all_cores = os.sched_getaffinity(0)
            os.sched_setaffinity(0, {max(self.all_cores)})

    def __exit__(self, *_):
        if self.one:
            os.sched_setaffinity(0, self.all_cores)


def run_once(command, one_core, report):
    """Runs a command; returns its wall time and CPU time in seconds, peak memory in KiB and exit code."""
    # GNU time starts the command, because a child of this process would start with the memory of Python.
    timer = ["time", "-q", "-o", report, "-f", "%M"] if GNU_TIME else []
    with Core(one_core):
        start = time.perf_counter()
        child = subprocess.Popen(timer + command, **SILENT)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    if timer:
        peak = int(Path(report).read_text().split()[-1])
    return seconds, usage.ru_utime + usage.ru_stime, peak, child.returncode


def start_time(command, starts):
    """Returns the shortest duration of many runs, in seconds."""
    best = float("inf")
    with Core(True):
        for _ in range(starts):
            start = time.perf_counter()
            subprocess.run(command, check=False, **SILENT)
            best = min(best, time.perf_counter() - start)
    return best


def compare_results(tools, valid, faulty):
    """Warns if a tool rejects a valid order or accepts a faulty one."""
    results = 0
    for tool in tools:
        if tool.name == "countersign, 2 jobs":
            continue
        for folder, expected in ((valid, 0), (faulty, 1)):
            for path in sorted(folder.rglob("*.json")):
                done = subprocess.run(tool.command([str(path)], False), capture_output=True, check=False)
                results += 1
                if min(done.returncode, 1) != expected:
                    verb = "rejects a valid" if expected == 0 else "accepts a faulty"
                    last = (done.stdout or done.stderr).decode(errors="replace").strip()[-300:]
                    print(f"Warning: {tool.name} {verb} order, {path}: {last}", file=sys.stderr)
    print(f"{results} results for single orders compared.", file=sys.stderr)


def arrays(path):
    """Writes the lines of a file as JSON arrays of a thousand elements, one per file; returns the paths."""
    folder = path.with_suffix("")
    folder.mkdir()
    with path.open("rb") as lines:
        while chunk := [line.rstrip() for line in islice(lines, 1000)]:
            (folder / f"{len(list(folder.iterdir())):05}.json").write_bytes(
                b"[\n" + b",\n".join(chunk) + b"\n]\n"
            )
    return sorted(str(file) for file in folder.iterdir())


def count_lines(path):
    with path.open("rb") as lines:
        return sum(1 for _ in lines)


def processor_name():
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("countersign", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--starts", type=int, default=20)
    options = parser.parse_args()
    data = options.data

    array_schema = data / "array.schema.json"
    schema = json.loads(SCHEMA.read_text())
    order = schema.pop("$ref")
    array_schema.write_text(json.dumps({**schema, "type": "array", "items": {"$ref": order}}))

    lines, few = data / "orders.jsonl", data / "few.jsonl"
    files = {"lines": [str(lines)], "arrays": arrays(lines), "few": arrays(few)}
    bytes_of = {"lines": lines.stat().st_size, "few": few.stat().st_size}
    records = {"lines": count_lines(lines), "few": count_lines(few)}
    bytes_of["arrays"], records["arrays"] = bytes_of["lines"], records["lines"]

    rows = tools(options.cache, options.countersign, array_schema)
    compare_results(rows, data / "valid", data / "faulty")

    with tempfile.NamedTemporaryFile() as report:
        for round_ in range(options.runs):
            # Each round starts with another tool, and every second one is in reverse order.
            order_of_tools = rows[round_ % len(rows):] + rows[:round_ % len(rows)]
            for tool in order_of_tools if round_ % 2 == 0 else reversed(order_of_tools):
                command = tool.command(files[tool.reads], tool.reads != "lines")
                seconds, cpu_seconds, peak, status = run_once(command, tool.one_core, report.name)
                usage = f"{seconds:.2f} s, {cpu_seconds:.2f} s of CPU time, {peak} KiB"
                print(f"run {round_ + 1}: {tool.name}: {usage}", file=sys.stderr)
                if status != 0:
                    print(f"Warning: {tool.name} ended with {status} on valid orders.", file=sys.stderr)
                tool.seconds.append(seconds)
                tool.peak = max(tool.peak, peak)

    single = next((data / "single").rglob("*.json"))
    for tool in rows:
        tool.start = start_time(tool.command([str(single)], False), options.starts)

    print("| tool | version | orders a second | MB/s | peak memory | one order |")
    print("|---|---|--:|--:|--:|--:|")
    marks = {"lines": "", "arrays": " ¹", "few": " ²"}
    for tool in rows:
        best = min(tool.seconds)
        speed, rate = records[tool.reads] / best, bytes_of[tool.reads] / best / 1e6
        rate = f"{rate:.0f}" if rate >= 10 else f"{rate:.2g}"
        memory = f"{tool.peak / 1024:,.0f} MiB{marks[tool.reads]}"
        print(
            f"| {tool.name} | {tool.version} | {speed:,.0f}{marks[tool.reads]} | {rate} "
            f"| {memory} | {tool.start * 1000:.3g} ms |"
        )
    size = bytes_of["lines"] / 1e6
    print(f"""
{records["lines"]:,} valid orders in {size:,.0f} MB of NDJSON, {processor_name()}.
Whole processes, from start to end, held on one core except the row with two jobs; the best of
{options.runs} runs in changing order, and of memory the most.
One order: a file of {single.stat().st_size} bytes, the best of {options.starts} starts.""")
    notes = {
        "arrays": f"the same orders in {len(files['arrays']):,} files, each a JSON array of a thousand",
        "few": f"and is slow: {records['few']:,} of the orders, as such arrays",
    }
    for reads in dict.fromkeys(tool.reads for tool in rows if tool.reads in notes):
        print(f"\n{marks[reads].strip()} Reads no NDJSON{':' if reads == 'arrays' else ''} {notes[reads]}.")


if __name__ == "__main__":
    main()
