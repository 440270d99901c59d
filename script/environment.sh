# Sourced by every script: the project's folder, its environment and what it needs installed.
# Everything here is safe to run again and takes no time the second time.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"

RUN_PACKAGES="ca-certificates python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
# faketime moves the clock of one process: the fault tests let scheduler, worker and web be wrong.
TEST_PACKAGES="chromium postgresql redis-server default-jdk-headless libjaxb-java poppler-utils faketime"
# The Nu HTML checker: one Java archive, published as an npm package; the sum is the archive's.
HTML_CHECKER="vnu-jar@26.9.27"
HTML_CHECKER_SHA256="22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"

say() { printf '%s\n' "$*" >&2; }

# Install the Debian packages that are missing, or say which they are.
need_packages() {
  command -v dpkg-query >/dev/null || { say "Not a Debian system: make sure you have what these packages hold: $*"; return 0; }
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo); else
      say "These packages are missing and installing them needs root. Run this, then start again:"
      say "  apt-get install --no-install-recommends ${missing[*]}"
      exit 1
    fi
  fi
  say "Installing ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive bash -c '
    apt-get -q -q update && apt-get -q -q install --yes --no-install-recommends "$@"' install "${missing[@]}" >&2
}

# The first Python 3.11 that can make a virtual environment.
find_python() {
  local candidate
  for candidate in python3.11 python3 /usr/bin/python3; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  say "Python 3.11 is needed and was not found. On Debian 12: apt-get install python3 python3-venv"
  exit 1
}

# Make the virtual environment hold exactly what a lock file names.
need_environment() {
  local lock="$1" stamp
  stamp="$(sha256sum requirements.lock requirements-test.lock | cut -c1-64 | tr -d '\n')"
  if [ -f .venv/.test-installed ] && [ "$(cat .venv/.test-installed)" = "$stamp" ]; then return; fi
  if [ "$lock" = requirements.lock ] && [ -f .venv/.installed ] && [ "$(cat .venv/.installed)" = "$stamp" ]; then return; fi
  say "Making the virtual environment from $lock"
  [ -x .venv/bin/python ] || "$(find_python)" -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" >&2
  if [ "$lock" = requirements-test.lock ]; then printf '%s' "$stamp" >.venv/.test-installed; else printf '%s' "$stamp" >.venv/.installed; fi
}

# Put the HTML checker of the browser tests beside the environment, whole and in this version.
need_html_checker() {
  local folder=.venv/vnu-jar fetched
  is_html_checker "$folder/vnu.jar" && return 0
  command -v npm >/dev/null || need_packages npm
  say "Fetching $HTML_CHECKER"
  fetched="$(mktemp -d)"
  npm pack "$HTML_CHECKER" --ignore-scripts --silent --pack-destination "$fetched" >/dev/null
  tar -xzf "$fetched"/vnu-jar-*.tgz -C "$fetched" package/build/dist/vnu.jar package/LICENSE
  if ! is_html_checker "$fetched/package/build/dist/vnu.jar"; then
    rm -rf "$fetched"
    say "What was fetched as $HTML_CHECKER is not the file whose SHA-256 script/environment.sh names."
    exit 1
  fi
  mkdir -p "$folder"
  mv "$fetched/package/build/dist/vnu.jar" "$fetched/package/LICENSE" "$folder/"
  rm -rf "$fetched"
}

is_html_checker() { echo "$HTML_CHECKER_SHA256  $1" | sha256sum --check --status 2>/dev/null; }

# The environment of a portal that runs on this machine alone.
embedded_environment() {
  export DATA_DIR="${DATA_DIR:-$ROOT/var}" PORT="${PORT:-8000}"
  export SITE_URL="${SITE_URL:-http://127.0.0.1:$PORT}"
  export ALLOWED_HOSTS="${ALLOWED_HOSTS:-127.0.0.1,localhost}"
  mkdir -p "$DATA_DIR/media" "$DATA_DIR/cache" "$DATA_DIR/broker/messages" "$DATA_DIR/broker/control"
  DATA_DIR="$(cd "$DATA_DIR" && pwd)"
  # Without a mail server, messages are written to files where they can be read.
  export EMAIL_URL="${EMAIL_URL:-filemail:///$DATA_DIR/mail}"
  if [ -z "${SECRET_KEY:-}" ]; then
    [ -s "$DATA_DIR/secret_key" ] ||
      (umask 077 && .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(60))' >"$DATA_DIR/secret_key")
    SECRET_KEY="$(cat "$DATA_DIR/secret_key")"
    export SECRET_KEY
  fi
  # A portal started as a demonstration stays one until it is started with --empty in another folder.
  if [ -z "${DEMO:-}" ] && [ -f "$DATA_DIR/demo" ]; then export DEMO=1; fi
}
