#!/usr/bin/env bash
# Tests the integrations: the pre-commit hooks, the GitHub action and the Python wheel.
#
# Usage: COUNTERSIGN=target/debug/countersign run.sh [--full]
#
#   COUNTERSIGN        the binary under test
#   COUNTERSIGN_WHEEL  a wheel of the Python package that is tested instead of building one
#   --full             also build each of the three from source; takes minutes and requires cargo
#
# Requires git, and python3 with venv. Other tools are installed from PyPI into a temporary environment.
# All files are in a temporary folder, which is removed at the end, except for Cargo's cache of crates.
# CARGO_TARGET_DIR and CARGO_PROFILE_… are respected.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
full=
while [ $# -gt 0 ]; do
  case $1 in
    --full) full=yes; shift ;;
    -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
    *) echo "There is no argument $1." >&2; exit 2 ;;
  esac
done
if [ ! -x "${COUNTERSIGN:-}" ]; then
  echo "COUNTERSIGN names no program: build it first, and say where it is." >&2
  exit 2
fi
COUNTERSIGN=$(cd "$(dirname "$COUNTERSIGN")" && pwd)/$(basename "$COUNTERSIGN")
export COUNTERSIGN

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export TMPDIR=$work/tmp PRE_COMMIT_HOME=$work/pre-commit PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
export PYTHONDONTWRITEBYTECODE=1
mkdir "$TMPDIR"
# Ignore the git configuration of the user and the system.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
project_files=$work/project-files
git -C "$root" ls-files -z --cached --others --exclude-standard > "$project_files"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com
if [ -n "$full" ]; then
  export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$work/target}
fi

step() { printf '\n== %s\n' "$*"; }
ok() { printf 'ok    %s\n' "$*"; }
fail() {
  printf 'FAIL  %s\n' "$1"
  if [ -f "$work/log" ]; then sed 's/^/      | /' "$work/log"; fi
  exit 1
}
# try CODE WHAT COMMAND...: runs the command and fails unless it exits with CODE.
try() {
  local expected=$1 what=$2 code=0
  shift 2
  "$@" > "$work/log" 2>&1 || code=$?
  if [ "$code" != "$expected" ]; then fail "$what: exit code $code instead of $expected"; fi
  ok "$what"
}
says() { grep -qF -- "$1" "$work/log" || fail "the output lacks: $1"; }
says_not() { if grep -qF -- "$1" "$work/log"; then fail "the output has: $1"; fi; }

step "tools from PyPI"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'pre-commit>=4,<5' 'PyYAML>=6,<7'
python=$work/venv/bin/python
pre_commit=$work/venv/bin/pre-commit
"$pre_commit" --version

# A new repository with the current files of the project, including uncommitted ones.
project=$work/server/OWNER/countersign
mkdir -p "$project"
tar -C "$root" --null --files-from "$project_files" --ignore-failed-read -cf - | tar -C "$project" -xf -
git -C "$project" init --quiet --initial-branch main
git -C "$project" add --all
git -C "$project" commit --quiet --message "The project"
git -C "$project" tag v1

step "pre-commit"
try 0 "the hooks are a valid manifest" "$pre_commit" validate-manifest "$project/.pre-commit-hooks.yaml"

mkdir "$work/bin" "$work/demo"
ln -s "$COUNTERSIGN" "$work/bin/countersign"
cd "$work/demo"
git init --quiet --initial-branch main
fixtures=$project/fixtures
good=$fixtures/valid/order/azure-line.json
bad=$fixtures/invalid/order/tenant-id-shape.json
warned=$fixtures/invalid/order/po-number-case.json
certificate=$fixtures/valid/certificate/full-record.json
fixable=$fixtures/invalid/json/trailing-comma.json

# commit CODE WHAT: commits all files of the folder, with the hooks.
commit() {
  git add --all
  try "$1" "$2" env PATH="$work/bin:$PATH" git commit --message "$2"
}
# reset: removes all files of the folder except the configuration of the hooks.
reset() {
  git reset --quiet --hard
  git clean --quiet -d --force
}
# hooks HOOK [ARGUMENT...]: configures the folder to run this hook with $COUNTERSIGN.
hooks() {
  reset
  "$python" "$here/local_hooks.py" "$project/.pre-commit-hooks.yaml" "$@" > .pre-commit-config.yaml
  "$pre_commit" validate-config .pre-commit-config.yaml
  git add .pre-commit-config.yaml
  git commit --quiet --no-verify --message "The hooks"
}

git commit --quiet --allow-empty --message "Nothing yet"
"$pre_commit" install > "$work/log"
hooks countersign

cp "$bad" order.json
commit 1 "a bad order is blocked"
says "order/tenant-id-shape"
if [ "$(git rev-list --count HEAD)" != 2 ]; then fail "a commit was created"; fi
reset

cp "$good" order.json
commit 0 "a good order passes"
says "Passed"

mkdir -p "my orders"
cp "$bad" "my orders/the first.json"
commit 1 "a name with spaces is one name"
says "order/tenant-id-shape"
reset

printf '{"a": 1}\n' | "$python" -c 'import sys; sys.stdout.buffer.write(sys.stdin.read().encode("utf-16"))' > export.ndjson
commit 1 "an NDJSON file that pre-commit considers binary is checked"
says "json/not-utf8"
reset

cp "$bad" order.txt
commit 0 "other files are not checked"
says "no files to check"

cp "$warned" warned.json
commit 0 "a warning passes"
hooks countersign --fail-on warning
cp "$warned" other.json
commit 1 "arguments reach countersign"
says "order/po-number-case"
reset

for number in 1 2 3 4 5 6 7 8; do cp "$certificate" "certificate-$number.json"; done
commit 1 "all files are checked in one run"
says "export/duplicate-record"
says "8 files:"

hooks countersign-fix
cp "$fixable" fixable.json
commit 1 "a fix is applied and stops the commit"
says "files were modified by this hook"
if cmp -s "$fixable" fixable.json; then fail "the file was not fixed"; fi
commit 0 "the fixed file passes"

if [ -n "$full" ]; then
  reset
  "$python" "$here/local_hooks.py" --from "$project" --rev v1 "$project/.pre-commit-hooks.yaml" countersign > .pre-commit-config.yaml
  git add .pre-commit-config.yaml
  git commit --quiet --no-verify --message "The hooks, from source"
  try 0 "pre-commit builds the hook from source" "$pre_commit" install-hooks
  cp "$bad" built.json
  git add --all
  try 1 "the built hook blocks a bad order" git commit --message "bad"
  says "order/tenant-id-shape"
  cp "$good" built.json
  git add --all
  try 0 "the built hook passes a good one" git commit --message "good"
fi

step "the GitHub action"
mkdir "$work/action"
cd "$work/action"
"$python" "$here/action.py" "$project" "$work/action" ${full:+--full}

if [ -n "$full" ]; then
  step "the wheel"
  cd "$work"
  if [ -n "${COUNTERSIGN_WHEEL:-}" ]; then
    mkdir "$work/dist"
    cp "$COUNTERSIGN_WHEEL" "$work/dist"
  else
    try 0 "the wheel builds" "$python" -m pip wheel --no-deps --wheel-dir "$work/dist" "$project/integrations/python"
  fi
  (cd "$work/dist" && ls)
  python3 -m venv "$work/fresh"
  try 0 "the wheel has no dependencies" "$work/fresh/bin/pip" install --no-index "$work"/dist/countersign-*.whl
  try 0 "the wheel installs the command" "$work/fresh/bin/countersign" --version
  says "countersign $(sed -n 's/^version = "\(.*\)"/\1/p' "$project/Cargo.toml" | head -n 1)"
  try 1 "the command reports an invalid order" "$work/fresh/bin/countersign" check --no-progress "$bad"
  try 0 "the package imports without its dependencies" "$work/fresh/bin/python" -c 'import countersign; countersign.check("{}")'
  try 0 "the command accepts a valid order" "$work/fresh/bin/countersign" check --no-progress "$good"
fi

step "all tests passed"
