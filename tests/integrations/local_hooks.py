"""Prints a pre-commit configuration that runs one of the project's hooks.

Usage: local_hooks.py [--from REPOSITORY --rev REV] HOOKS_YAML HOOK [ARGUMENT...]

Without --from, the hook becomes a local one that runs `countersign` from the PATH instead of building
it; its other properties stay the same.
"""

import argparse

import yaml

parser = argparse.ArgumentParser()
parser.add_argument("--from", dest="repository")
parser.add_argument("--rev")
parser.add_argument("hooks")
parser.add_argument("hook")
parser.add_argument("arguments", nargs=argparse.REMAINDER)
options = parser.parse_args()

with open(options.hooks, encoding="utf-8") as file:
    hook = next(hook for hook in yaml.safe_load(file) if hook["id"] == options.hook)
assert hook["language"] == "rust", "the hook must build from source"

if options.repository:
    repository = {"repo": options.repository, "rev": options.rev}
    hook = {"id": hook["id"]}
else:
    repository = {"repo": "local"}
    hook["language"] = "system"
if options.arguments:
    hook["args"] = options.arguments
print(yaml.safe_dump({"repos": [{**repository, "hooks": [hook]}]}, sort_keys=False))
