#!/usr/bin/env python3
"""Checks that memory does not grow with the size of an export or the length of an editor session.

Usage: tests/large/run.py [PROGRAM] [--bytes SIZE] [--edits N]

PROGRAM is the binary under test [default: target/release/countersign]. SIZE is that of the export, as NDJSON and as an
array [default: 10G]; one record in 100 has a fault, and the run writes an HTML report and both splits. N is the number
of edits in one session of the language server [default: 50000]. Requires Linux and rustc.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEBIBYTE = 1 << 20
# An export of any size.
EXPORT_LIMIT = 64 * MEBIBYTE
# How much more a session may hold at its end than after a tenth of it.
SESSION_GROWTH = 8 * MEBIBYTE


def check_export(program, generator, layout, size, folder):
    """Checks a generated export from standard input, and returns its peak memory in bytes."""
    command = [program, "check", "--no-config", "--no-progress", "--quiet", "--records", layout]
    command += ["--format=html=report.html", "--valid-out=/dev/null", "--invalid-out=invalid.ndjson", "-"]
    form = {"lines": "lines", "array": "array"}[layout]
    source = subprocess.Popen([generator, "--bytes", size, "--faults", "0.01", "--as", form], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    run = subprocess.Popen(command, stdin=source.stdout, cwd=folder)
    source.stdout.close()
    _, status, usage = os.wait4(run.pid, 0)
    source.wait()
    if os.waitstatus_to_exitcode(status) != 1:
        sys.exit(f"{layout}: exit code {os.waitstatus_to_exitcode(status)}, expected 1")
    return usage.ru_maxrss * 1024


def resident(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


def edit_session(program, edits):
    """Sends edits to the language server, and returns its memory in bytes after a tenth of them and at the end."""
    server = subprocess.Popen([program, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    answered = threading.Event()

    def read():
        # An answer that carries the number of the last request shows that everything before it is done.
        while header := server.stdout.readline():
            length = int(header.split(b":")[1])
            while server.stdout.readline().strip():
                pass
            if json.loads(server.stdout.read(length)).get("id") is not None:
                answered.set()

    threading.Thread(target=read, daemon=True).start()

    def send(method, params, number=None):
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            message["id"] = number
        text = json.dumps(message).encode()
        server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))
        server.stdin.flush()

    def wait(number, method, params):
        answered.clear()
        send(method, params, number)
        if not answered.wait(60):
            sys.exit(f"the language server did not answer {method}")

    document = {"uri": "file:///session/order.json"}
    text = (ROOT / "fixtures/valid/order/new-tenant-full.json").read_text()
    wait(0, "initialize", {"capabilities": {}})
    send("initialized", {})
    send("textDocument/didOpen", {"textDocument": {**document, "languageId": "json", "version": 0, "text": text}})
    lines = text.count("\n")
    rng = random.Random(3)
    early = 0
    for number in range(1, edits + 1):
        # Types a character at the start of a line, and removes it with the next edit.
        if number % 2:
            place = {"line": rng.randrange(lines), "character": 0}
            edit = {"range": {"start": place, "end": place}, "text": rng.choice('x"{}[],:0 ')}
        else:
            edit = {"range": {"start": place, "end": {**place, "character": 1}}, "text": ""}
        send("textDocument/didChange", {"textDocument": {**document, "version": number}, "contentChanges": [edit]})
        if number % 500 == 0:
            wait(number, "textDocument/codeAction", {"textDocument": document, "range": {"start": place, "end": place}, "context": {"diagnostics": []}})
        if number == edits // 10:
            early = resident(server.pid)
    late = resident(server.pid)
    wait(edits + 1, "shutdown", None)
    send("exit", None)
    if server.wait(10):
        sys.exit("the language server ended with an error")
    return early, late


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="?", type=Path, default=ROOT / "target/release/countersign")
    parser.add_argument("--bytes", default="10G")
    parser.add_argument("--edits", type=int, default=50_000)
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        generator = Path(folder) / "generate"
        subprocess.run(["rustc", "-O", "--edition", "2024", "-o", generator, ROOT / "benches/generate.rs"], check=True)
        for layout in ("lines", "array"):
            peak = check_export(program, generator, layout, arguments.bytes, folder)
            failed += peak > EXPORT_LIMIT
            print(f"{arguments.bytes} as {layout}: {peak / MEBIBYTE:.0f} MiB", flush=True)
    early, late = edit_session(program, arguments.edits)
    failed += late - early > SESSION_GROWTH
    print(f"{arguments.edits:,} edits: {late / MEBIBYTE:.0f} MiB, after a tenth of them {early / MEBIBYTE:.0f} MiB")
    sys.exit(bool(failed))


main()
