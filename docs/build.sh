#!/usr/bin/env bash
# Builds the documentation as a site in docs/book, and checks it.
#
# Usage: COUNTERSIGN=target/debug/countersign docs/build.sh
#
#   COUNTERSIGN  the program whose output is documented [default: target/debug/countersign]
#
# Requires python3 and cargo. mdbook is taken from the PATH, or built once into the folder `mdbook` of Cargo's target
# folder. The playground is that of integrations/playground/dist, or built, which requires Node.js. If Chromium is
# installed, the site is opened in it. Only the builds of mdbook and of the playground use the network.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)
book=$here/book
mdbook_version=0.5.4
COUNTERSIGN=${COUNTERSIGN:-$root/target/debug/countersign}
if [ ! -x "$COUNTERSIGN" ]; then
  echo "$COUNTERSIGN is not a program; build it with cargo build, or set COUNTERSIGN" >&2
  exit 2
fi
export COUNTERSIGN PYTHONDONTWRITEBYTECODE=1

if ! mdbook=$(command -v mdbook); then
  tools=$(realpath -m "${CARGO_TARGET_DIR:-$root/target}")/mdbook
  mdbook=$tools/bin/mdbook
  if [ ! -x "$mdbook" ]; then
    # Its own target folder, so that the build of the project stays as it is. Of the optional parts only the search is
    # needed: so it builds in a minute of two cores and 300 MB.
    CARGO_TARGET_DIR=$tools/build CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
      CARGO_PROFILE_RELEASE_LTO=off cargo install --quiet mdbook --locked --version "$mdbook_version" --root "$tools" \
      --no-default-features --features search
    rm -rf "$tools/build"
  fi
fi

playground=$root/integrations/playground
[ -f "$playground/dist/index.html" ] || "$playground/build.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$here/picture.py" --check
"$here/reference.py" "$work/source"
rm -rf "$book"
# mdbook exits with 0 also if a page has a warning, such as an HTML tag without end.
"$mdbook" build "$work/source" --dest-dir "$book" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
if grep -E 'WARN|ERROR' "$work/log" >&2; then exit 1; fi
mkdir "$book/playground"
cp "$playground"/dist/* "$book/playground/"
"$here/check.py" "$book"

for browser in chromium chromium-browser google-chrome; do
  if command -v "$browser" > /dev/null; then
    # opens PAGE TITLE: fails unless the page has the title and the text of the heading after its scripts have run.
    opens() {
      "$browser" --headless --no-sandbox --disable-gpu --virtual-time-budget=5000 --user-data-dir="$work/profile" \
        --dump-dom "file://$book/$1" > "$work/page.html" 2> /dev/null
      grep -q "<title>$2" "$work/page.html" || { echo "$1 does not open in $browser" >&2; exit 1; }
      # The table of contents is written by a script.
      grep -q 'href="[^"]*getting-started.html"' "$work/page.html" ||
        { echo "$1 has no table of contents in $browser" >&2; exit 1; }
    }
    opens index.html countersign
    opens rules/order/mpn-shape.html order/mpn-shape
    echo "2 pages opened in $browser"
    break
  fi
done
echo "docs/book/index.html"
