"""The command line: the same program as the binary."""

from __future__ import annotations

import sys
from typing import NoReturn, Optional, Sequence

from countersign import _native


def main(arguments: Optional[Sequence[str]] = None) -> NoReturn:
    """Runs `countersign` with these arguments, by default those of the process, and exits with its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    sys.exit(_native.run_cli(["countersign", *given]))


if __name__ == "__main__":
    main()
