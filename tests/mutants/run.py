#!/usr/bin/env python3
"""Changes the code of the parser, the fixes, the engine, the rules and the schemas in many small ways, and counts the changes
that no test notices.

Usage: tests/mutants/run.py [--sample N] [--only REGEX] [--seconds S] [--rest]

cargo-mutants lists the changes, more than 5,000. One build each would take days on two cores; here one build holds all of
them, each with a switch that an environment variable turns on (instrument/). Every test runs once to learn which changes it
reaches; then, for each change, the tests that reach it run, fastest first, until one fails. Changes of code that the compiler
evaluates cannot have a switch: with --rest, cargo-mutants tries these one by one.

Works in a copy of the checkout, target/mutants/tree. The results are in target/mutants/results.json, and what no test noticed
is in tests/mutants/missed.txt once all were tried. A later run continues: of the changes that cargo-mutants still lists, it
tries only those that were not noticed. Fails if fewer than 90 % are noticed. Requires cargo-mutants. Takes about two hours on
two cores.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target/mutants"
# The files as they are, and with the changes.
SOURCES = WORK / "sources"
TREE = WORK / "tree"
TARGET = WORK / "build"
RESULTS = WORK / "results.json"
# Without the numbers of lines, which other changes would alter.
MISSED = ROOT / "tests/mutants/missed.txt"
PARTS = ("json", "fix", "engine", "rules", "schema")
# The options of cargo-mutants that select the files of the parts.
FILES = [option for part in PARTS for option in ("-f", f"src/{part}/**", "-f", f"src/{part}.rs")]
MINIMUM = 90.0
# These compare the source itself, or measure memory.
SKIPPED_BINARIES = {"architecture", "resources"}
MEMORY = 8 << 30
PROFILE = {
    "CARGO_TARGET_DIR": str(TARGET),
    "CARGO_INCREMENTAL": "0",
    "CARGO_PROFILE_DEV_DEBUG": "0",
    "CARGO_PROFILE_TEST_DEBUG": "0",
    # Optimised, but with the checks of overflows that the tests usually have.
    "CARGO_PROFILE_DEV_OPT_LEVEL": "1",
    "CARGO_PROFILE_TEST_OPT_LEVEL": "1",
    "RUSTFLAGS": "--cap-lints=allow",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, metavar="N", help="try N changes, chosen at random, instead of all")
    parser.add_argument("--seconds", type=float, default=0.5, metavar="S", help="leave out tests that take longer (default 0.5)")
    parser.add_argument("--only", default="", metavar="REGEX", help="try only changes whose names match")
    parser.add_argument("--rest", action="store_true", help="try the changes without a switch with cargo-mutants, and no others")
    arguments = parser.parse_args()

    WORK.mkdir(parents=True, exist_ok=True)
    mutants = list_mutants()
    copy_sources()
    state = load_state(mutants)
    if "binaries" not in state:
        build(mutants, state)
        save_state(state)
    if arguments.rest:
        try_rest(mutants, state)
    else:
        tests = reach(state)
        save_state(state)
        try_all(mutants, state, tests, arguments)
    return summary(mutants, state)


def list_mutants():
    command = ["cargo", "mutants", "--list", "--json", *FILES]
    mutants = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    for mutant in mutants:
        # The difference has the lines around the change.
        mutant["key"] = hashlib.sha256((mutant["name"] + mutant["diff"]).encode()).hexdigest()[:16]
    return mutants


def copy_sources():
    """The files that git knows or would add, as they are now, so that the checkout can be edited during the run."""
    for folder in (SOURCES, TREE):
        shutil.rmtree(folder, ignore_errors=True)
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (SOURCES / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, SOURCES / name)
    # With new times, so that cargo does not take a file for one that it has built.
    shutil.copytree(SOURCES, TREE, copy_function=shutil.copy)
    # Paths in reports are relative to the repository.
    subprocess.run(["git", "init", "--quiet", TREE], check=True)


def load_state(mutants):
    """The state of an earlier run. If a file has changed, the tests are built again, and what no test noticed is tried again."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in ("src", "tests", "fixtures") for path in (SOURCES / folder).rglob("*")):
        if path.is_file() and "mutants" not in path.parts[-3:]:
            digest.update(path.read_bytes())
    state = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"sources": "", "unviable": [], "outcomes": {}}
    if state["sources"] == digest.hexdigest():
        return state
    keys = {mutant["key"] for mutant in mutants}
    outcomes = {key: outcome for key, outcome in state["outcomes"].items() if key in keys}
    unviable = [key for key in state["unviable"] if key in keys]
    return {"sources": digest.hexdigest(), "unviable": unviable, "outcomes": outcomes, "longest": {}}


def save_state(state):
    temporary = RESULTS.with_suffix(".new")
    temporary.write_text(json.dumps(state))
    temporary.replace(RESULTS)


def run_cargo(command):
    environment = {**os.environ, **PROFILE}
    done = subprocess.run(command, cwd=TREE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")]
    return done.returncode == 0, messages, done.stderr.decode()


def instrument(skipped):
    """Puts all changes but the skipped ones into the sources of the copy."""
    shutil.copytree(SOURCES / "src", TREE / "src", copy_function=shutil.copy, dirs_exist_ok=True)
    (WORK / "skipped.json").write_text(json.dumps(sorted(skipped)))
    tool = WORK / "instrument"
    manifest = SOURCES / "tests/mutants/instrument/Cargo.toml"
    subprocess.run(["cargo", "build", "--quiet", "--release", "--manifest-path", manifest, "--target-dir", tool], check=True)
    program = tool / "release/instrument-mutants"
    output = subprocess.run([program, TREE, WORK / "mutants.json", WORK / "skipped.json"], check=True, capture_output=True)
    return json.loads(output.stdout)


def build(mutants, state):
    """Builds the tests with all changes that compile."""
    (WORK / "mutants.json").write_text(json.dumps(mutants))
    # What did not compile before does not need to be tried again.
    unviable = {number for number, mutant in enumerate(mutants) if mutant["key"] in state["unviable"]}
    while True:
        output = instrument(unviable)
        succeeded, messages, errors = run_cargo(["cargo", "check", "--lib", "--message-format=json"])
        if succeeded:
            break
        found = blame(messages, output["regions"])
        if not found:
            sys.exit(f"errors that belong to no change:\n{errors[-4000:]}")
        print(f"{len(found)} changes do not compile", flush=True)
        unviable |= found
    state["unplaced"] = [mutants[number]["key"] for number in output["unplaced"]]
    state["unviable"] = [mutants[number]["key"] for number in sorted(unviable)]
    print("building the tests", flush=True)
    succeeded, messages, errors = run_cargo(["cargo", "test", "--no-run", "--message-format=json"])
    if not succeeded:
        sys.exit(errors[-4000:])
    state["binaries"] = {
        f'{message["target"]["kind"][0]} {message["target"]["name"]}': message["executable"]
        for message in messages
        if message.get("executable") and message["profile"]["test"] and message["target"]["name"] not in SKIPPED_BINARIES
    }


def blame(messages, regions):
    """The changes whose code the errors of the compiler are about."""
    found, unexplained = set(), []
    for message in messages:
        if message["reason"] != "compiler-message" or message["message"]["level"] != "error":
            continue
        spans = sorted(message["message"]["spans"], key=lambda span: not span["is_primary"])
        for bounds in (("start", "end"), ("whole_start", "whole_end")):
            hits = (innermost(regions.get(span["file_name"], []), span, *bounds) for span in spans)
            hit = next((hit for hit in hits if hit is not None), None)
            if hit is not None:
                found.add(hit)
                break
        else:
            if spans:
                unexplained.append(message["message"]["rendered"])
    if not found:
        print("\n".join(unexplained), file=sys.stderr)
    return found


def innermost(regions, span, start, end):
    around = [region for region in regions if region[start] <= span["byte_start"] < region[end]]
    return min(around, key=lambda region: region[end] - region[start])["id"] if around else None


class Test:
    def __init__(self, binary, name, seconds):
        self.binary, self.name, self.seconds = binary, name, seconds


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_tests(state, binary, names, timeout, **variables):
    """Whether all of these tests of a binary pass in time."""
    environment = {**os.environ, "CARGO_MANIFEST_DIR": str(TREE), "RUST_BACKTRACE": "0", **variables}
    command = [state["binaries"][binary], "--exact", "--test-threads=1", "--quiet", *names]
    process = subprocess.Popen(
        command, cwd=TREE, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=limit_memory, start_new_session=True,
    )
    try:
        return process.wait(timeout) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        try:
            os.killpg(process.pid, 9)
        except ProcessLookupError:
            pass
        process.wait()


def reach(state):
    """The tests that reach each change, fastest first."""
    if "tests" not in state:
        state["tests"] = []
        jobs = []
        for binary, executable in state["binaries"].items():
            listed = subprocess.run([executable, "--list", "--format=terse"], cwd=TREE, check=True, capture_output=True)
            jobs += [(binary, line.removesuffix(": test")) for line in listed.stdout.decode().splitlines() if line.endswith(": test")]
        print(f"running {len(jobs)} tests once", flush=True)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            state["tests"] = [test for test in pool.map(lambda job: learn(state, *job), jobs) if test]
    tests = collections.defaultdict(list)
    for binary, name, seconds, reached in sorted(state["tests"], key=lambda test: test[2]):
        for mutant in reached:
            tests[mutant].append(Test(binary, name, seconds))
    return tests


def learn(state, binary, name):
    log = WORK / f"reached-{threading.get_ident()}"
    log.unlink(missing_ok=True)
    begin = time.monotonic()
    passed = run_tests(state, binary, [name], 600, MUTANTS_REACHED=str(log))
    if not passed:
        print(f"fails without a change, left out: {binary} {name}", flush=True)
        return None
    reached = sorted({int(line) for line in log.read_text().split()}) if log.exists() else []
    return [binary, name, time.monotonic() - begin, reached]


def try_all(mutants, state, tests, arguments):
    without_switch = {*state["unplaced"], *state["unviable"]}
    todo = [
        number
        for number, mutant in enumerate(mutants)
        if mutant["key"] not in without_switch
        and re.search(arguments.only, mutant["name"])
        and is_open(state, mutant["key"], arguments.seconds)
    ]
    # In random order, so that the result of a run that is cut short is an estimate of all.
    random.Random(1).shuffle(todo)
    todo = todo[: arguments.sample]
    print(f"trying {len(todo)} changes", flush=True)
    last_saved = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def attempt(number):
            key = mutants[number]["key"]
            tried = state["longest"].get(key, 0)
            remaining = [test for test in tests[number] if tried < test.seconds <= arguments.seconds]
            return key, try_mutant(state, number, remaining)

        for count, (key, outcome) in enumerate(pool.map(attempt, todo), 1):
            state["outcomes"][key] = outcome
            state["longest"][key] = arguments.seconds
            if time.monotonic() - last_saved > 30:
                last_saved = time.monotonic()
                save_state(state)
                missed = sum(outcome == "missed" for outcome in state["outcomes"].values())
                print(f"{count} of {len(todo)}, {missed} missed", flush=True)
    save_state(state)


def is_open(state, key, longest):
    """Whether a change was not tried, or missed by fewer tests than there are now."""
    outcome = state["outcomes"].get(key)
    return outcome is None or outcome == "missed" and state["longest"].get(key, 0) < longest


def try_mutant(state, mutant, tests):
    """The first test that fails, or "missed"."""
    batch, budget = [], 0.1
    for i, test in enumerate(tests):
        batch.append(test)
        if sum(test.seconds for test in batch) < budget and i + 1 < len(tests):
            continue
        by_binary = collections.defaultdict(list)
        for test in batch:
            by_binary[test.binary].append(test)
        for binary, part in by_binary.items():
            timeout = 5 + 10 * sum(test.seconds for test in part)
            if not run_tests(state, binary, [test.name for test in part], timeout, MUTANT=str(mutant)):
                return f"{binary} {part[0].name}" if len(part) == 1 else f"{binary} {part[0].name} …"
        batch, budget = [], budget * 2
    return "missed"


def try_rest(mutants, state):
    """Tries the changes that have no switch, each in a build of its own."""
    unplaced = [mutant for mutant in mutants if mutant["key"] in state["unplaced"]]
    command = ["cargo", "mutants", "--timeout", "400", "--build-timeout", "900", "-o", WORK, *FILES]
    for mutant in unplaced:
        command += ["-F", "^" + re.escape(mutant["name"]) + "$"]
    command += ["--", "--lib", "--test", "json", "--test", "fixtures", "--test", "rules", "--test", "catalogue"]
    environment = {**os.environ, "CARGO_PROFILE_DEV_DEBUG": "0", "CARGO_PROFILE_TEST_DEBUG": "0"}
    subprocess.run(command, cwd=ROOT, env=environment)
    outcomes = {name: kind for kind in ("caught", "missed", "timeout", "unviable")
                for name in (WORK / f"mutants.out/{kind}.txt").read_text().splitlines()}
    for mutant in unplaced:
        outcome = outcomes.get(mutant["name"])
        if outcome == "unviable":
            state["unviable"].append(mutant["key"])
        elif outcome:
            state["outcomes"][mutant["key"]] = outcome
    save_state(state)


def merged(names):
    """Names of changes without their lines, and how many there are if several are the same."""
    counts = collections.Counter(re.sub(r":\d+:\d+: ", ": ", name) for name in names)
    return [name if count == 1 else f"{name} ({count} times)" for name, count in sorted(counts.items())]


def summary(mutants, state):
    tried, missed = collections.Counter(), collections.Counter()
    lines = []
    for place in mutants:
        outcome = state["outcomes"].get(place["key"])
        if outcome is None:
            continue
        part = Path(place["file"]).parts[1].removesuffix(".rs")
        tried[part] += 1
        if outcome == "missed":
            missed[part] += 1
            lines.append(place["name"])
    if {mutant["key"] for mutant in mutants} <= {*state["outcomes"], *state["unplaced"], *state["unviable"]}:
        MISSED.write_text("".join(line + "\n" for line in merged(lines)))
    for part in sorted(tried):
        print(f"{part:8} {tried[part]:5} tried, {missed[part]:4} missed, {100 * (1 - missed[part] / tried[part]):5.1f} % noticed")
    share = 100 * (1 - missed.total() / max(1, tried.total()))
    without = len(set(state["unplaced"]) - {*state["unviable"], *state["outcomes"]})
    print(f"all: {share:.1f} % of {tried.total():,} noticed; {len(state['unviable'])} do not compile, {without} have no switch")
    return 0 if share >= MINIMUM else f"below {MINIMUM} %"


if __name__ == "__main__":
    sys.exit(main())
