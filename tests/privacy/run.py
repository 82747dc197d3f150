#!/usr/bin/env python3
"""Checks that payloads never leave the machine: no command opens a connection, or reads or writes other files.

Usage: tests/privacy/run.py [PROGRAM]

PROGRAM is the binary under test [default: target/release/countersign]. strace follows the system calls of each command.
There must be none for the network, and every file that is opened must be one that the command names, a configuration
above it, or part of the system. A value in the payload must occur in no file but those that are meant to hold it.
Requires Linux and strace.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "Quillfeather Orchard"
SYSTEM = ("/lib", "/usr", "/etc/ld.so", "/etc/localtime", "/proc/", "/sys/", "/dev/")
ORDER = (ROOT / "fixtures/valid/order/new-tenant-full.json").read_text().replace("Bluebird Bakery", SECRET)
FAULTY = ORDER.replace('"quantity": 3', '"quantity": "3"')
INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
OPEN = {
    "jsonrpc": "2.0",
    "method": "textDocument/didOpen",
    "params": {"textDocument": {"uri": "file:///work/order.json", "languageId": "json", "version": 1, "text": FAULTY}},
}
SHUTDOWN = [{"jsonrpc": "2.0", "id": 2, "method": "shutdown"}, {"jsonrpc": "2.0", "method": "exit"}]
# A schema that refers to other documents: by a URL, and by a path out of its folder.
SCHEMAS = {
    "remote.json": {"$ref": "https://example.com/order.schema.json"},
    "outside.json": {"$ref": "../outside.schema.json"},
    "absolute.json": {"$ref": "file:///etc/hostname"},
}

# Each command, with its standard input and the files that may hold the secret afterwards.
COMMANDS = {
    "check": (["check", "order.json"], "", []),
    "check a folder": (["check", "."], "", []),
    "standard input": (["check", "-"], FAULTY, []),
    "reports": (
        ["check", "order.json", "--redact"]
        + [f"--format={name}={name}.report" for name in "json ndjson html sarif github gitlab junit checkstyle rdjson markdown concise".split()],
        "",
        [],
    ),
    "fix": (["check", "order.json", "--fix"], "", ["order.json"]),
    "split": (["check", "order.json", "--invalid-out=invalid.ndjson"], "", ["invalid.ndjson"]),
    "remote reference": (["check", "order.json", "--schema=remote.json"], "", []),
    "reference out of the folder": (["check", "order.json", "--schema=outside.json"], "", []),
    "reference to a file of the system": (["check", "order.json", "--schema=absolute.json"], "", []),
    "explain": (["explain", "order/mpn-shape"], "", []),
    "rules": (["rules"], "", []),
    "lsp": (["lsp"], [INITIALIZE, {"jsonrpc": "2.0", "method": "initialized", "params": {}}, OPEN, *SHUTDOWN], []),
}


def framed(messages):
    texts = (json.dumps(message) for message in messages)
    return "".join(f"Content-Length: {len(text.encode())}\r\n\r\n{text}" for text in texts)


def problems(program, arguments, stdin, holders):
    with tempfile.TemporaryDirectory() as outer:
        folder = Path(outer) / "work"
        folder.mkdir()
        (folder / "order.json").write_text(FAULTY)
        (folder / "countersign.toml").write_text("")
        (Path(outer) / "outside.schema.json").write_text('{"type": "object"}')
        for name, schema in SCHEMAS.items():
            (folder / name).write_text(json.dumps(schema))
        trace = Path(outer) / "trace"
        command = ["strace", "-f", "-qq", "-e", "trace=network,open,openat,openat2,execve", "-o", trace, program, *arguments]
        text = stdin if isinstance(stdin, str) else framed(stdin)
        done = subprocess.run(command, cwd=folder, input=text, capture_output=True, text=True)
        if done.returncode not in (0, 1, 2):
            yield f"exit code {done.returncode}: {done.stderr[:300]}"
        calls = trace.read_text(errors="replace").splitlines()
        if len(calls) < 3:
            yield f"strace saw {len(calls)} system calls"
        for call in calls:
            # `socketpair` connects the process to itself: signals wake a thread through it.
            if re.search(r"\b(socket|connect|bind|listen|accept4?)\(", call):
                yield call
            if "execve(" in call and str(program) not in call:
                yield call
            opened = re.search(r'\bopen\w*\((?:AT_FDCWD, )?"([^"]*)"', call)
            if not opened or " = -1 " in call:
                continue
            path = folder / opened.group(1)
            is_known = path == folder or folder in path.parents or str(path).startswith(SYSTEM)
            if not is_known or "outside.schema" in str(path):
                yield f"opens {path}"
        for path in folder.rglob("*"):
            if path.is_file() and path.name not in ("order.json", *holders) and SECRET in path.read_text(errors="replace"):
                yield f"{path.name} holds a value of the payload"


def main():
    program = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/countersign").resolve()
    failed = 0
    for name, (arguments, stdin, holders) in COMMANDS.items():
        found = list(problems(program, arguments, stdin, holders))
        failed += bool(found)
        print(f"{'FAIL' if found else 'ok  '} {name}", flush=True)
        for problem in found:
            print(f"     {problem}")
    print(f"{len(COMMANDS)} commands, {failed} with problems")
    sys.exit(bool(failed))


main()
