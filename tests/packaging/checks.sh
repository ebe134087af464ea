# shellcheck shell=bash
# How the scripts of this folder say what they found. A check that does not hold ends the script.

# Given: what ought to be, and a command that is to succeed.
check() {
  local what=$1 output
  shift
  if ! output=$("$@" 2>&1); then
    echo "FAILED  $what"
    echo "        $*"
    [ -z "$output" ] || echo "        ${output//$'\n'/$'\n        '}"
    exit 1
  fi
  echo "ok      $what"
}

# True where the command fails.
fails() { ! "$@"; }

# True where the text, or what the command prints, has the words.
has() { grep -qF -- "$2" <<<"$1" || { echo "not in it: $2" && echo "$1" && return 1; }; }
says() {
  local words=$1
  shift
  has "$("$@" 2>&1 || true)" "$words"
}

# Looks until the command succeeds, for a minute at most.
eventually() {
  local deadline=$((SECONDS + 60))
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || { "$@" || true; echo "not within a minute" && return 1; }
    sleep 0.1
  done
}
