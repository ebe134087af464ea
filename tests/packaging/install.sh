#!/bin/bash
# Inside a Debian that has no more than every Debian: the package is installed, upgraded, removed and
# purged. Run by `run`, which gives the folder with first.deb and second.deb.
set -euo pipefail
packages=$1
# shellcheck source=tests/packaging/checks.sh
. "$packages/checks.sh"

name=smtp-reply-exporter
doc=/usr/share/doc/$name

apt() { apt-get -qq -y "$@" -o Dpkg::Options::=--force-confold; }

# All files with their modes and owners, but for those of dpkg and apt themselves.
files() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /var/cache \
    -o -path /var/log -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path "$packages" \) -prune \
    -o -printf '%p %y %m %u:%g\n' | sort
}

check "the libraries it needs are in Debian" apt satisfy "$(dpkg-deb -f "$packages/first.deb" Depends)"
before=$(files)

check "it installs where there is no systemd" apt install "$packages/first.deb"
check "dpkg finds nothing amiss" test -z "$(dpkg --audit; dpkg --verify $name)"
check "the program finds its libraries" says "smtp_reply_exporter " smtp_reply_exporter --version
check "the configuration is without mistake, and asks nobody" \
  says "0 targets, 0 checks, no errors" smtp_reply_exporter --config.check
check "anybody may read it: it holds no secret" \
  test "$(stat -c '%a %U' /etc/smtp_reply_exporter/config.toml)" = "644 root"
check "the service is enabled" \
  test -e /etc/systemd/system/multi-user.target.wants/smtp_reply_exporter.service
for file in $doc/copyright $doc/configuration.md $doc/examples/submission.toml \
  $doc/examples/credentials.conf /usr/share/smtp_reply_exporter/prometheus/alerts.yml \
  /usr/share/smtp_reply_exporter/prometheus/recording.yml \
  $doc/examples/prometheus/alerts_test.yml /usr/share/man/man1/smtp_reply_exporter.1.gz \
  /usr/share/bash-completion/completions/smtp_reply_exporter; do
  check "$file is there" test -s "$file"
done
check "the knowledge that comes along can stand in for the built-in one" \
  smtp_reply_exporter explain 535 --knowledge.dir=$doc/examples/knowledge

echo '# of the administrator' >>/etc/smtp_reply_exporter/config.toml
check "it upgrades" apt install "$packages/second.deb"
check "the new version is there" test "$(dpkg-query -W -f '${Version}' $name)" = \
  "$(dpkg-deb -f "$packages/second.deb" Version)"
check "what the administrator wrote is kept" \
  grep -q 'of the administrator' /etc/smtp_reply_exporter/config.toml
check "the package's own is beside it" \
  grep -q 'of the second version' /etc/smtp_reply_exporter/config.toml.dpkg-dist
check "a file that nobody changed is the new one" \
  grep -q 'of the second version' /etc/default/smtp_reply_exporter

check "it is removed" apt remove $name
check "the program is gone" fails command -v smtp_reply_exporter
check "the configuration stays" grep -q 'of the administrator' /etc/smtp_reply_exporter/config.toml
check "it installs again, and finds its configuration" apt install "$packages/first.deb"
check "with what the administrator wrote" \
  grep -q 'of the administrator' /etc/smtp_reply_exporter/config.toml

mkdir -p /var/lib/private/smtp_reply_exporter
touch /var/lib/private/smtp_reply_exporter/state.db
ln -s private/smtp_reply_exporter /var/lib/smtp_reply_exporter
check "it is purged" apt purge $name
check "nothing is left of it, not even the state" diff <(echo "$before") <(files)
