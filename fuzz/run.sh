#!/usr/bin/env bash
# Fuzzes each target for some seconds: fuzz/run.sh [SECONDS] [TARGET]...
#
# Needs the nightly toolchain and cargo-fuzz (`cargo install cargo-fuzz`). Prints for each target the executions, the
# coverage of libFuzzer (edges and features) and the seconds. An input that breaks a property is written to
# fuzz/artifacts; keep it in fuzz/regressions/TARGET, where tests/fuzz.rs finds it.
#
# FUZZ_SANITIZER=address finds errors of memory in the C code of zstd; the Rust code contains no `unsafe`.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(cargo +nightly fuzz list)

python3 fuzz/seed.py
cargo +nightly fuzz build --sanitizer "${FUZZ_SANITIZER:-none}"
mkdir -p fuzz/target/logs
failed=0
printf '%-12s %12s %8s %8s %8s\n' target executions edges features seconds
for target in "${targets[@]}"; do
  log=fuzz/target/logs/$target.txt
  folders=("fuzz/corpus/$target")
  [ ! -d "fuzz/regressions/$target" ] || folders+=("fuzz/regressions/$target")
  result=0
  cargo +nightly fuzz run --sanitizer "${FUZZ_SANITIZER:-none}" "$target" "${folders[@]}" -- \
    -max_total_time="$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=2048 \
    -dict=fuzz/corpus/words.dict -print_final_stats=1 >"$log" 2>&1 || result=$?
  last=$(grep -E '^#[0-9]+' "$log" | grep -E 'cov: [0-9]+' | tail -1)
  number() { sed -nE "s/.*$1:? ([0-9]+).*/\1/p" <<<"$2"; }
  printf '%-12s %12s %8s %8s %8s\n' "$target" \
    "$(number executed_units "$(grep executed_units "$log" || true)")" \
    "$(number cov "$last")" "$(number ft "$last")" "$seconds"
  if [ "$result" -ne 0 ]; then
    failed=1
    grep -E '^(thread|assertion|==[0-9]+==)|panicked|Test unit written' "$log" | head -20 || true
    echo "failed: $target, see $log"
  fi
done
exit $failed
