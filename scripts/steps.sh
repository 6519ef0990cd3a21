# Shared by the scripts: where the repository is, and steps that say what they do and how long they took.

set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# Which toolchain builds the canisters: scripts/setup writes it, scripts/build reads it.
WASM_TOOLCHAIN_FILE=target/wasm-toolchain

say() { printf '%s\n' "$*"; }

# step "what happens" command…   Its output is kept and shown only when it fails.
step() {
  local what=$1 log started=$SECONDS
  shift
  log=$(mktemp)
  if [ -t 1 ]; then printf '  … %s\r' "$what"; else printf '  … %s\n' "$what"; fi
  if "$@" >"$log" 2>&1; then
    printf '  ✓ %s (%s s)\n' "$what" $((SECONDS - started))
    rm -f "$log"
  else
    printf '  ✗ %s (%s s)\n\n' "$what" $((SECONDS - started))
    cat "$log"
    rm -f "$log"
    return 1
  fi
}

# check "what is tested" command…   The same for tests: their output is shown as it comes.
check() {
  local what=$1 started=$SECONDS
  shift
  printf '\n── %s\n' "$what"
  "$@" || { printf '✗ %s (%s s)\n' "$what" $((SECONDS - started)); return 1; }
  printf '✓ %s (%s s)\n' "$what" $((SECONDS - started))
}
