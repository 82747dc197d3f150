#!/usr/bin/env python3
"""Checks the built documentation and its source.

Usage: check.py BOOK

    BOOK         the folder with the built site
    COUNTERSIGN  the program [default: target/debug/countersign]

- Links in the site and in the Markdown files: every internal target exists, with its anchor; external links are URLs.
- Every block marked `console` in the README and in docs: the lines that start with `$ ` are run in a copy of the
  repository, and the other lines are their output. A line `…` is any number of lines.
- Every option of `countersign` in the other code blocks exists.
- The vocabulary, and the length of the README.

Uses no network.
"""

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
README_LINES = 150

# Words that the documentation does not use, each with what to write instead. See also tests/architecture/vocabulary.rs.
WORDS = {
    r"stands": "is",
    r"shall": "must",
    r"(?:is|are) told": "reports",
    r"blanks?": "space",
    r"mend(?:s|ed|ing)?": "fix",
    r"members?(?= )": "property",
}


def pages():
    """Returns the Markdown files that people read as documentation."""
    return [ROOT / "README.md", ROOT / "integrations/editors.md", *sorted((ROOT / "docs").glob("*.md"))]


def name_of(path):
    return os.path.relpath(path, ROOT)


# --- Links


class Page(HTMLParser):
    """The links and anchors of an HTML page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if "id" in attributes:
            self.anchors.add(attributes["id"])
        for name in ("href", "src"):
            if attributes.get(name):
                self.links.append(attributes[name])
        if attributes.get("srcset"):
            self.links += [part.split()[0] for part in attributes["srcset"].split(",")]


def external_problem(link):
    """Returns what is wrong with an external link, or None."""
    parts = urlsplit(link)
    if parts.scheme == "mailto":
        return None if "@" in parts.path else "not an address"
    if parts.scheme not in ("http", "https"):
        return f"the scheme {parts.scheme}"
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?", parts.netloc.lower()):
        return "not a host"
    return "a space" if re.search(r"\s", link) else None


def site_problems(book):
    """Returns the broken links of the site, and the number of links."""
    files = {path: Page(path) for path in sorted(book.rglob("*.html"))}
    problems, count = [], 0
    for path, page in files.items():
        if path.name == "toc.html":
            continue
        for link in page.links:
            count += 1
            parts = urlsplit(link)
            if parts.scheme == "data":
                continue
            if parts.scheme or link.startswith("//"):
                problem = external_problem(link)
            else:
                target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
                if target.is_dir():
                    target /= "index.html"
                problem = None
                if not target.is_file():
                    problem = "no such file"
                elif target == book / "playground/index.html":
                    problem = None if not parts.fragment or "payload" in parse_qs(parts.fragment) else "no payload"
                elif parts.fragment and target in files and unquote(parts.fragment) not in files[target].anchors:
                    problem = "no such anchor"
            if problem:
                problems.append(f"{path.relative_to(book)}: {link}: {problem}")
        for match in re.finditer(r'<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)="((?:https?:)?//[^"]*)"', path.read_text(encoding="utf-8")):
            problems.append(f"{path.relative_to(book)}: loads {match[1]} from another host")
    for style in book.rglob("*.css"):
        if re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", style.read_text(encoding="utf-8")):
            problems.append(f"{style.relative_to(book)}: loads a file from another host")
    return problems, count


def heading_anchors(text):
    """Returns the anchors that GitHub gives the headings of a page."""
    anchors = set()
    for heading in re.findall(r"^#+ (.*)$", without_code_blocks(text), re.MULTILINE):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchors.add(re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-"))
    return anchors


def without_code_blocks(text):
    return re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)


def markdown_problems():
    """Returns the links of the Markdown files that do not work in the repository."""
    problems = []
    for path in pages():
        text = without_code_blocks(path.read_text(encoding="utf-8"))
        links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)
        for link in links:
            parts = urlsplit(link)
            if parts.scheme:
                problem = external_problem(link)
            else:
                target = (path.parent / parts.path).resolve() if parts.path else path
                problem = None if target.exists() else "no such file"
                if not problem and parts.fragment and target.suffix == ".md":
                    anchors = heading_anchors(target.read_text(encoding="utf-8"))
                    problem = None if parts.fragment in anchors else "no such heading"
            if problem:
                problems.append(f"{name_of(path)}: {link}: {problem}")
    return problems


# --- Commands


def blocks(path):
    """Returns the code blocks of a page: the line, the language and the text of each."""
    text = path.read_text(encoding="utf-8")
    for match in re.finditer(r"^(`{3,})(\S*)[^\n]*\n(.*?)^\1$", text, re.DOTALL | re.MULTILINE):
        yield text.count("\n", 0, match.start()) + 1, match[2], match[3]


def steps_of(block):
    """Splits a console block: the commands, each with its expected lines."""
    steps = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append(([line[2:]], []))
        elif line.startswith("> ") and steps and not steps[-1][1] and steps[-1][0][-1].endswith("\\"):
            steps[-1][0].append(line[2:])
        elif steps:
            steps[-1][1].append(line)
        else:
            return None
    return [("\n".join(command), expected) for command, expected in steps]


def matches(expected, found):
    """Whether lines are as expected, where a line `…` is any number of lines."""
    if not expected:
        return not found
    if expected[0] == "…":
        return any(matches(expected[1:], found[skipped:]) for skipped in range(len(found) + 1))
    return bool(found) and expected[0] == found[0] and matches(expected[1:], found[1:])


def run(steps, program):
    """Runs commands in one shell, in a new copy of the repository. Returns the lines that each prints."""
    with tempfile.TemporaryDirectory() as folder:
        copy, tools = Path(folder) / "countersign", Path(folder) / "bin"
        copy.mkdir()
        tools.mkdir()
        (tools / "countersign").symlink_to(program)
        for part in ("fixtures", "rules", "schemas", "examples"):
            shutil.copytree(ROOT / part, copy / part)
        subprocess.run(["git", "init", "--quiet", copy], check=True)
        # A line that no command prints separates the outputs.
        mark = "\x1e"
        script = "exec 2>&1\ncode=0\n"
        for command, _ in steps:
            script += f"(exit $code)\n{command}\ncode=$?\nprintf '{mark}'\n"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "COUNTERSIGN"))}
        environment.update(PATH=f"{tools}{os.pathsep}{os.environ['PATH']}", NO_COLOR="1", LC_ALL="C.UTF-8")
        environment.pop("FORCE_COLOR", None)
        output = subprocess.run(
            ["bash", "-c", script], cwd=copy, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        ).stdout.decode()
        return [part.rstrip("\n").split("\n") if part.rstrip("\n") else [] for part in output.split(mark)[: len(steps)]]


def console_problems(program):
    """Returns the console blocks whose output differs, and the number of commands that were run."""
    problems, count = [], 0
    for path in pages():
        for line, language, block in blocks(path):
            if language != "console":
                continue
            steps = steps_of(block)
            if not steps:
                problems.append(f"{name_of(path)}:{line}: the block does not start with a command")
                continue
            found = run(steps, program)
            count += len(steps)
            for (command, expected), lines in zip(steps, found):
                while expected and not expected[-1]:
                    expected.pop()
                if not matches(expected, lines):
                    diff = "\n".join(difflib.unified_diff(expected, lines, "documented", "printed", lineterm=""))
                    problems.append(f"{name_of(path)}:{line}: $ {command}\n{diff}")
    return problems, count


def option_problems(program):
    """Returns the options and commands of `countersign` in code blocks that do not exist, and the number of lines."""

    def help_of(*arguments):
        return subprocess.run([program, *arguments, "--help"], capture_output=True, check=True).stdout.decode()

    commands = re.findall(r"^  ([a-z]+) ", help_of().split("\nCommands:\n")[1].split("\nOptions:")[0], re.MULTILINE)
    options = {name: set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", help_of(name))) for name in commands if name != "help"}
    problems, count = [], 0
    for path in pages():
        for line, language, block in blocks(path):
            if language not in ("sh", "yaml", "groovy", "console"):
                continue
            text = re.sub(r"\s*\\\n\s*|\n\s+(?=--)", " ", block)
            for match in re.finditer(r"(?<![\w/.-])(?:\$\(Agent\.TempDirectory\)/bin/)?countersign ([a-z]+)([^\n|>&#']*)", text):
                command, rest = match[1], match[2]
                if command not in options:
                    problems.append(f"{name_of(path)}:{line}: no command {command}")
                    continue
                count += 1
                for option in re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest):
                    if option not in options[command]:
                        problems.append(f"{name_of(path)}:{line}: countersign {command} has no option {option}")
    return problems, count


# --- Words


def word_problems():
    """Returns the words of the pages that have a better one. IDs of rules and examples of payloads are left out."""
    problems = []
    files = [*pages(), *sorted((ROOT / "rules").glob("*/*.md"))]
    for path in files:
        text = re.sub(
            r"^```(?:json|ndjson)$.*?^```$",
            lambda block: "\n" * block[0].count("\n"),
            path.read_text(encoding="utf-8"),
            flags=re.DOTALL | re.MULTILINE,
        )
        for number, line in enumerate(text.splitlines(), 1):
            line = re.sub(r"([a-z]+/)+[a-z0-9]+(-[a-z0-9]+)*", "", line)
            for word, better in WORDS.items():
                for match in re.finditer(rf"\b{word}\b", line, re.IGNORECASE):
                    problems.append(f"{name_of(path)}:{number}: write {better!r} instead of {match[0]!r}")
    lines = len((ROOT / "README.md").read_text(encoding="utf-8").splitlines())
    if lines > README_LINES:
        problems.append(f"README.md has {lines} lines; at most {README_LINES} are allowed")
    return problems


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    program = str(Path(os.environ.get("COUNTERSIGN") or ROOT / "target/debug/countersign").resolve())
    broken, links = site_problems(Path(arguments[0]).resolve())
    different, commands = console_problems(program)
    unknown, lines = option_problems(program)
    problems = broken + markdown_problems() + different + unknown + word_problems()
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{links} links, {commands} commands run, {lines} commands with known options; {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
