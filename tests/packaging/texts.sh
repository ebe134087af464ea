#!/bin/bash
# The manual page and the completion against what the program says of itself. Run by `run`, which gives
# the folder in which the package is unpacked.
set -euo pipefail
# shellcheck source=tests/packaging/checks.sh
. "$(dirname "$0")/checks.sh"
root=$1
PATH=$root/usr/bin:$PATH
page=$root/usr/share/man/man1/smtp_reply_exporter.1.gz

check "the manual page has no mistake" test -z "$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 \
  man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)"
manual=$(LC_ALL=C.UTF-8 MANWIDTH=200 man -P cat -l "$page" | col -bx)
for command in '' $(smtp_reply_exporter --help | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'); do
  # shellcheck disable=SC2086 # no command is no argument
  help=$(smtp_reply_exporter $command --help)
  while read -r word; do
    check "the manual page has ${command:+$command }$word" has "$manual" "$word"
  done < <(sed -n 's/^Usage: smtp_reply_exporter \([a-z].*\)/\1/p; s/^ *\(-h, \)\?\(--[^ ]*\).*/\2/p' <<<"$help")
done

# What a document of the package links to, or calls by its whole path, is in the package.
doc=$root/usr/share/doc/smtp-reply-exporter
for document in "$doc"/*.md; do
  name=${document##*/}
  check "$name has no place of the source" fails grep -nE '(^|[^[:alnum:]_./-])(\.\./)?config/[a-z]+[/.]' "$document"
  while read -r link; do
    case $link in
    /*) file=$root$link ;;
    *) file=$doc/$link ;;
    esac
    check "$name: $link is there" test -e "$file"
  done < <(grep -oE '\]\([^)]+\)' "$document" | sed 's/^](//; s/)$//; s/#.*//' | grep -vE '^(https?:.*)?$' | sort -u
    grep -oE '/usr/share/(doc/smtp-reply-exporter|smtp_reply_exporter)/[[:alnum:]_./-]*[[:alnum:]_/-]' "$document" | sort -u)
done

check "the folder of rules has nothing but rules" test "$(ls "$root/usr/share/smtp_reply_exporter/prometheus")" = \
  $'alerts.yml\nrecording.yml'

set +u # bash-completion reads what is not set
# shellcheck disable=SC1091
. /usr/share/bash-completion/bash_completion
# shellcheck disable=SC1091
. "$root/usr/share/bash-completion/completions/smtp_reply_exporter"

# The words for a line whose last one is not finished, as readline splits it, at "=" too.
offered() {
  COMP_LINE="$*"
  COMP_POINT=${#COMP_LINE}
  COMP_WORDS=()
  local word
  for word in "$@"; do
    case $word in
    --*=) COMP_WORDS+=("${word%=}" "=" '') ;;
    --*=*) COMP_WORDS+=("${word%%=*}" "=" "${word#*=}") ;;
    *) COMP_WORDS+=("$word") ;;
    esac
  done
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  # Only readline has an answer for compopt.
  # shellcheck disable=SC2317
  compopt() { :; }
  COMPREPLY=()
  _smtp_reply_exporter || true
  echo "${COMPREPLY[*]}"
}

check "a command" test "$(offered smtp_reply_exporter cl)" = classify
check "all commands" test "$(offered smtp_reply_exporter '' | tr ' ' '\n')" = \
  "$(smtp_reply_exporter --help | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }')"
check "a flag that takes a value" test "$(offered smtp_reply_exporter probe --pass)" = --password-file=
check "a flag that takes none" test "$(offered smtp_reply_exporter --config.c)" = --config.check
check "no flag of another command" test -z "$(offered smtp_reply_exporter classify --tls)"
check "the words that a flag may take" test "$(offered smtp_reply_exporter probe --tls=s)" = starttls
check "files where a file is wanted" has "$(offered smtp_reply_exporter --config.file=/etc/host)" /etc/hosts
for command in serve demo check probe explain compare codes reasons classify; do
  check "every flag of $command" test \
    "$(offered smtp_reply_exporter $command -- | tr -d = | tr ' ' '\n' | sort)" = \
    "$(smtp_reply_exporter $command --help | grep -oE '^ +(-h, )?--[a-z.-]+' | grep -oE -- '--.*' | sort)"
done
