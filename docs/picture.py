#!/usr/bin/env python3
"""Draws the pictures of a run that the README shows, from the output of the program.

Usage: picture.py [--check]

    --check      compares the pictures with the output instead of writing them
    COUNTERSIGN  the program [default: target/debug/countersign]

Runs `countersign check` on a fixture in a terminal of 80 columns, and converts the colours of the terminal into SVG.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
FIXTURE = "fixtures/invalid/several/curly-quotes.json"
COLUMNS = 80

# The size of a character cell and the space around the text, in pixels.
CELL_WIDTH, LINE_HEIGHT, FONT_SIZE, PADDING, BAR = 8.4, 19, 14, 16, 34
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"

# Colours by the parameter of the escape sequence; `None` is the colour of the text.
THEMES = {
    "light": {
        "background": "#ffffff", "border": "#d0d7de", "bar": "#f6f8fa",
        None: "#1f2328", 2: "#59636e", 31: "#b3261e", 32: "#116329", 33: "#8a4b00", 34: "#0550ae", 36: "#0a5c66",
    },
    "dark": {
        "background": "#0d1117", "border": "#3d444d", "bar": "#151b23",
        None: "#e6edf3", 2: "#9198a1", 31: "#ff7b72", 32: "#56d364", 33: "#e3b341", 34: "#79c0ff", 36: "#76e3ea",
    },
}


def run_in_terminal(command):
    """Returns what a command prints in a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    environment["TERM"] = "xterm-256color"
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    output = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux reports the end of a terminal as an error.
            break
        if not part:
            break
        output += part
    process.wait()
    os.close(ours)
    return output.decode().replace("\r\n", "\n").rstrip("\n")


def runs_of(line, style):
    """Splits a line at its escape sequences: (text, bold, colour) of each part, and the style at the end."""
    bold, colour = style
    runs = []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            for parameter in part[2:-1].split(";"):
                code = int(parameter or 0)
                if code == 0:
                    bold, colour = False, None
                elif code == 1:
                    bold = True
                else:
                    colour = code
        elif part:
            runs.append((part, bold, colour))
    return runs, (bold, colour)


def svg(text, title, theme):
    """Returns the picture of a text with escape sequences."""
    colours = THEMES[theme]
    lines = text.split("\n")
    width = round(COLUMNS * CELL_WIDTH + 2 * PADDING)
    height = BAR + len(lines) * LINE_HEIGHT + 2 * PADDING
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6" '
        f'fill="{colours["background"]}" stroke="{colours["border"]}"/>',
        f'<path d="M1 {BAR}V6.5A5.5 5.5 0 0 1 6.5 1H{width - 6.5}A5.5 5.5 0 0 1 {width - 1} 6.5V{BAR}Z" '
        f'fill="{colours["bar"]}"/>',
        f'<path d="M1 {BAR}.5H{width - 1}" stroke="{colours["border"]}"/>',
        f'<g font-family="{FONTS}" font-size="{FONT_SIZE}" xml:space="preserve">',
        f'<text x="{PADDING}" y="22" fill="{colours[None]}">{escape(title)}</text>',
    ]
    style = (False, None)
    for index, line in enumerate(lines):
        runs, style = runs_of(line, style)
        baseline = BAR + PADDING + index * LINE_HEIGHT + FONT_SIZE
        column = 0
        for run, bold, colour in runs:
            shown = run.strip(" ")
            start = column + len(run) - len(run.lstrip(" "))
            column += len(run)
            if not shown:
                continue
            weight = ' font-weight="bold"' if bold else ""
            # The length keeps the columns aligned in every font.
            parts.append(
                f'<text x="{PADDING + start * CELL_WIDTH:.1f}" y="{baseline}" fill="{colours[colour]}"{weight} '
                f'textLength="{len(shown) * CELL_WIDTH:.1f}" lengthAdjust="spacingAndGlyphs">{escape(shown)}</text>'
            )
    parts.append("</g></svg>\n")
    return "\n".join(parts)


def main(arguments):
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    program = os.environ.get("COUNTERSIGN") or str(ROOT / "target/debug/countersign")
    output = run_in_terminal([str(Path(program).resolve()), "check", "--no-config", "--color", "always", "--no-progress", FIXTURE])
    title = f"$ countersign check {FIXTURE}"
    outdated = []
    for theme in THEMES:
        file = ROOT / "docs/images" / f"check-{theme}.svg"
        picture = svg(output, title, theme)
        if arguments:
            if not file.exists() or file.read_text(encoding="utf-8") != picture:
                outdated.append(file.relative_to(ROOT))
        else:
            file.write_text(picture, encoding="utf-8")
    for file in outdated:
        print(f"{file} is out of date; run docs/picture.py", file=sys.stderr)
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
