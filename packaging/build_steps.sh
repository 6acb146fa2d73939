# What `run` and `test` share: packages, one line a phase, logs shown only when
# something failed. Sourced by bash from the root of the source tree.

# Everything a build needs, by its Debian 12 name.
BUILD_PACKAGES=(
  ccache cmake g++ libboost-json1.81-dev libboost1.81-dev libcaf-dev
  libcli11-dev libcurl4-openssl-dev libfmt-dev libicu-dev libpq-dev
  libsimdjson-dev libsodium-dev libspdlog-dev libsqlite3-dev libssl-dev
  libstemmer-dev libtomlplusplus-dev ninja-build pkg-config
)

say() {
  printf '%s\n' "$*"
}

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# phase NAME LOG COMMAND…: one line, and the log's end if the command failed.
phase() {
  local name=$1 log=$2 start=$SECONDS
  shift 2
  mkdir -p "$(dirname "$log")"
  printf '%-44s ' "$name"
  if "$@" >"$log" 2>&1; then
    printf 'done, %d s\n' $((SECONDS - start))
    return 0
  fi
  printf 'FAILED after %d s\n' $((SECONDS - start))
  {
    printf -- '--- the last 60 lines of %s\n' "$log"
    tail -n 60 "$log"
    printf -- '---\n'
  } >&2
  return 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -- "$@"
  fi
}

apt_quietly() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

# need_packages NAME…: installs what is missing; asks apt nothing if all is
# there.
need_packages() {
  command -v dpkg-query >/dev/null ||
    fail "this is not Debian (no dpkg-query); CONTRIBUTING.md lists what a build needs"
  local name state missing=()
  local -A have=()
  while read -r state name; do
    [ "$state" = ii ] && have[$name]=1
  done < <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null)
  for name in "$@"; do
    [ -n "${have[$name]:-}" ] || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      fail "missing packages, and neither root nor sudo to install them: ${missing[*]}"
    # Asked here, so that a password prompt is not lost in a log.
    sudo -v || fail "sudo refused; missing packages: ${missing[*]}"
  fi
  phase "package lists" build/log/apt_update.log apt_quietly update ||
    fail "apt-get update failed"
  phase "installing ${#missing[@]} packages" build/log/apt_install.log \
    apt_quietly install -y --no-install-recommends "${missing[@]}" ||
    fail "could not install: ${missing[*]}"
}

# How many compilers at once: one a core, but 1.5 GiB of memory for each.
build_jobs() {
  local cores kib jobs
  cores=$(nproc)
  kib=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  jobs=$((${kib:-0} / 1572864))
  [ "$jobs" -gt "$cores" ] && jobs=$cores
  [ "$jobs" -lt 1 ] && jobs=1
  printf '%d\n' "$jobs"
}

# build_preset PRESET [TARGET…]: configures only if there is nothing current to
# build with; ninja looks after the rest.
build_preset() {
  local preset=$1 dir=build/$1 fresh=()
  shift
  # A tree that was moved or copied would build the old place's files.
  if [ -f "$dir/CMakeCache.txt" ] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$dir/CMakeCache.txt"; then
    fresh=(--fresh)
    rm -f "$dir/build.ninja"
  fi
  if [ ! -f "$dir/build.ninja" ] || [ CMakePresets.json -nt "$dir/build.ninja" ]; then
    phase "configuring $preset" "build/log/$preset.configure.log" \
      cmake "${fresh[@]}" --preset "$preset" || return 1
    # CMake leaves an unchanged build.ninja's time alone.
    touch "$dir/build.ninja"
  fi
  phase "building $preset" "build/log/$preset.build.log" \
    cmake --build "$dir" -j "$(build_jobs)" ${1:+--target "$@"}
}

# Two runs in one tree would write the same files: the second one waits.
lock_build() {
  mkdir -p build
  exec 9>build/.lock
  flock -n 9 || {
    say "another build is running in this folder; waiting for it"
    flock 9
  }
}

unlock_build() {
  exec 9>&-
}
