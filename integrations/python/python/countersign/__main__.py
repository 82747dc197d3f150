"""`python -m countersign` is the command line."""

from countersign.cli import main

main()
