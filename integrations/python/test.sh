#!/usr/bin/env bash
# Tests the Python package: builds the wheel, installs it in a new virtual environment, and runs its tests, its type check
# and, on two threads, its checks on Spark.
#
# Usage: test.sh [--keep]
#
#   --keep  keep the build folder and the environment for the next run
#
# Requires cargo, python3 with venv, and Java 17 or later, which is installed on Debian if it is missing. Everything is in
# the folder `python` of Cargo's target folder, of which the wheel stays, in `dist`. COUNTERSIGN names the binary whose
# findings are compared, by default the command of the wheel. CARGO_PROFILE_… is respected; by default the wheel is built
# quickly, with few optimizations. SPARK_VERSION selects another version of pyspark, such as 3.5.*.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(realpath -m "${CARGO_TARGET_DIR:-$root/target}")/python
keep=
[ "${1:-}" = --keep ] && keep=yes

step() { printf '\n-- %s\n' "$*"; }

if [ -n "${COUNTERSIGN:-}" ]; then
  COUNTERSIGN=$(cd "$(dirname "$COUNTERSIGN")" && pwd)/$(basename "$COUNTERSIGN")
  export COUNTERSIGN
fi
packages=
command -v java >/dev/null || packages="$packages default-jre-headless"
python3 -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"
if [ -n "$packages" ]; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y --no-install-recommends $packages
fi

[ -n "$keep" ] || rm -rf "$work"
mkdir -p "$work"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1 TMPDIR=$work/tmp
mkdir -p "$TMPDIR"
if [ ! -x "$work/venv/bin/python" ]; then
  step "tools from PyPI"
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet 'maturin>=1.8,<2' 'mypy>=1.11' 'pytest>=8' 'pyarrow>=17' 'polars>=1.20' \
    'duckdb>=1.2' 'pandas>=2.2,<3' "pyspark==${SPARK_VERSION:-4.*}"
fi

step "the wheel"
export CARGO_PROFILE_RELEASE_LTO=${CARGO_PROFILE_RELEASE_LTO:-off}
export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=${CARGO_PROFILE_RELEASE_CODEGEN_UNITS:-16}
export CARGO_PROFILE_RELEASE_OPT_LEVEL=${CARGO_PROFILE_RELEASE_OPT_LEVEL:-1}
rm -rf "$work/dist"
(cd "$here" && CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=${PYTHON_TARGET_DIR:-$work/target} \
  "$work/venv/bin/maturin" build --quiet --release --out "$work/dist")
[ -n "$keep" ] || rm -rf "$work/target"
ls -l "$work/dist"
"$work/venv/bin/pip" install --quiet --force-reinstall --no-deps "$work"/dist/countersign-*.whl

step "format and types"
(cd "$here" && cargo fmt --check)
(cd "$here" && MYPYPATH=python "$work/venv/bin/mypy" --no-incremental python/countersign)

step "tests"
# Another folder than that of the sources, so that the installed package is tested.
(cd "$work" && "$work/venv/bin/python" -m pytest --rootdir "$here" -p no:cacheprovider "$here/tests")

if [ -z "$keep" ]; then
  mv "$work/dist" "$work.dist"
  rm -rf "$work"
  mkdir "$work"
  mv "$work.dist" "$work/dist"
fi
