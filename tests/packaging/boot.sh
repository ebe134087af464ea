#!/bin/bash
# Inside a booted Debian: the service starts, reloads, keeps what it has over a bad configuration, and
# comes back after kill -9 with its state. Run by `run` as a unit, twice: "first" installs, "second"
# comes after a reboot.
set -euo pipefail
packages=/packages
# shellcheck source=tests/packaging/checks.sh
. "$packages/checks.sh"

unit=smtp_reply_exporter.service
config=/etc/smtp_reply_exporter/config.toml
ours=http://127.0.0.1:10235
demo=http://127.0.0.1:10300
login='{target="corp",check="login"}'

apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -y "$@" -o Dpkg::Options::=--force-confold; }
of_unit() { systemctl show --value -p "$1" $unit; }
pid() { of_unit MainPID; }
metrics() { curl -fsS $ours/metrics; }
# The value of a series as it stands in the metrics; nothing where there is none.
value() { metrics | awk -v series="$1" 'index($0, series " ") == 1 { print $2 }'; }
is() { [ "$(value "$1")" = "$2" ] || { echo "$1 is \"$(value "$1")\", not $2" && return 1; }; }
has_series() { [ -n "$(value "$1")" ]; }
status_of() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$(pid)/status"; }
logged() { journalctl -q -u $unit --since="@$1" | grep -F -- "$2"; }
# A later process than the given one is up and says so.
restarted_since() { [ "$(of_unit ActiveState)" = active ] && [ "$(pid)" != "$1" ] && [ "$(pid)" != 0 ]; }

configure() {
  cat >$config <<TOML
[agent]
interval = "1s"
timeout = "1s"
state_file = "/var/lib/smtp_reply_exporter/state.db"
[credentials.corp]
username = "probe@demo.test"
credential = "corp"
hosts = ["127.0.0.1"]
[[target]]
name = "corp"
host = "127.0.0.1"
port = $port
tls = "starttls"
ca_file = "demo-ca.pem"
credentials = "corp"
checks = ["login"]
$(printf '%s\n' "$@")
TOML
}

starts() {
  check "the package installs in a running system" apt install $packages/first.deb
  check "the service is up" systemctl is-active $unit
  check "when it says that it is ready, it answers" curl -fsS $ours/-/ready
  check "its pages are for this machine alone" grep -q '0100007F:27FB 00000000:0000 0A' /proc/net/tcp
  check "and no others" test "$(cat /proc/net/tcp /proc/net/tcp6 | grep -c ':27FB 0*:0000 0A')" = 1
  check "it is a user of its own" test "$(status_of Uid)" -ge 61184
  check "it has no privilege" test "$(status_of CapBnd)" = 0000000000000000
  check "it cannot get one" test "$(status_of NoNewPrivs)" = 1
  check "its system calls are filtered" test "$(status_of Seccomp)" = 2
  check "it is exposed by no more than 1.2 of 10" systemd-analyze security --threshold=12 $unit
  check "the unit is without mistake" test -z "$(systemd-analyze verify --man=no $unit 2>&1)"
  check "its start is the time of its start" test "$(metrics |
    awk -v now="$(date +%s)" '$1 == "process_start_time_seconds" { d = now - $2; print (d > -5 && d < 120) }')" = 1
}

checks_a_server() {
  systemd-run -q --unit=demo smtp_reply_exporter demo --web.listen-address=${demo#http://}
  eventually curl -fsS $demo/-/ready
  port=$(curl -fsS $demo/metrics |
    sed -n 's/^smtp_target_info{.*target="healthy-submission".*port="\([0-9]*\)".*/\1/p')
  check "the demo runs beside it" test -n "$port"
  install -m 644 /tmp/smtp_reply_exporter_demo*/demo-ca.pem /etc/smtp_reply_exporter/
  install -m 600 /tmp/smtp_reply_exporter_demo*/demo-password /etc/smtp_reply_exporter/corp-password
  mkdir -p /etc/systemd/system/$unit.d
  cp /usr/share/doc/smtp-reply-exporter/examples/credentials.conf /etc/systemd/system/$unit.d/
  configure
  systemctl daemon-reload
  check "it starts with a password that root alone can read" systemctl restart $unit
  check "it logs in with it" eventually is "smtp_check_success$login" 1
}

reloads() {
  local before runs since
  before=$(pid)
  runs=$(value "smtp_check_runs_total$login")
  configure '[[target]]' 'name = "new"' 'host = "127.0.0.1"' "port = $port" 'tls = "none"' \
    'checks = ["greeting"]'
  check "systemctl reload works, passwords and all" systemctl reload $unit
  check "it follows the new configuration" eventually is 'smtp_check_success{target="new",check="greeting"}' 1
  check "what did not change goes on counting" \
    test "$(value "smtp_check_runs_total$login")" -ge "$runs"
  check "in the same process" test "$(pid)" = "$before"
  check "and systemd takes it for active" eventually systemctl is-active $unit

  since=$(date +%s)
  echo 'bogus = 1' >>$config
  check "systemctl reload refuses a bad configuration" fails systemctl reload $unit
  check "the journal has the place and the cure" eventually logged "$since" "$config:"
  check "the service goes on" systemctl is-active $unit
  kill -HUP "$(pid)"
  check "SIGHUP refuses it too, and says so" \
    eventually logged "$since" "reload failed, the running configuration stays"
  check "so do the metrics" eventually is smtp_reply_exporter_config_last_reload_successful 0
  check "the old configuration is in force" is 'smtp_check_success{target="new",check="greeting"}' 1
  check "still in the same process" test "$(pid)" = "$before"
  configure
  check "the next good one is taken" systemctl reload $unit
  check "and said to be good" eventually is smtp_reply_exporter_config_last_reload_successful 1
  check "a check that is gone takes its series along" \
    fails has_series 'smtp_check_success{target="new",check="greeting"}'
}

survives() {
  local before since
  systemctl stop demo
  check "a login that worked and fails is a regression" eventually is "smtp_check_regression$login" 1
  before=$(pid)
  kill -9 "$before"
  check "after kill -9 it is started again" eventually restarted_since "$before"
  check "and still knows that this login once worked" eventually is "smtp_check_regression$login" 1

  mkdir -p /run/systemd/system/$unit.d
  printf '[Service]\nWatchdogSec=2s\n' >/run/systemd/system/$unit.d/watchdog.conf
  systemctl daemon-reload
  systemctl restart $unit
  before=$(pid)
  since=$(date +%s)
  check "it says that it lives, for longer than systemd would wait" eventually lives_on
  check "and is not restarted" test "$(pid)" = "$before"
  kill -STOP "$before"
  check "when it stands still it is started again" eventually restarted_since "$before"
  check "by the watchdog" logged "$since" "Watchdog timeout"
  rm /run/systemd/system/$unit.d/watchdog.conf
  systemctl daemon-reload
  systemctl restart $unit
}

lives_on() {
  local start now
  start=$(of_unit ExecMainStartTimestampMonotonic)
  now=$(of_unit WatchdogTimestampMonotonic)
  [ $((now - start)) -gt 3000000 ]
}

# What docs/operations.md tells an administrator to do.
as_documented() {
  local secret=/etc/smtp_reply_exporter/corp-password own=/etc/systemd/system/$unit.d
  check "its status can be asked for" says "active (running)" systemctl --no-pager status smtp_reply_exporter
  check "its log can be read" says "state file read" journalctl --no-pager -u smtp_reply_exporter
  check "what it found can be asked for" says "smtp_check_success$login 0" metrics
  check "how exposed it is can be asked for" \
    says "Overall exposure level for $unit: 1.1 OK" systemd-analyze --no-pager security smtp_reply_exporter
  check "the configuration can be tried with its passwords" \
    env CREDENTIALS_DIRECTORY=/run/credentials/$unit smtp_reply_exporter --config.check
  systemd-creds encrypt --name=corp $secret $secret.cred 2>/dev/null
  rm $secret
  printf '[Service]\nLoadCredentialEncrypted=corp:%s\n' $secret.cred >$own/credentials.conf
  systemctl daemon-reload
  check "it starts with a password that is encrypted" systemctl restart $unit
  check "and reloads" systemctl reload $unit

  sed -i.bak 's/^ARGS=.*/ARGS="--web.listen-address=127.0.0.2:443"/' /etc/default/smtp_reply_exporter
  printf '[Service]\n%s\n%s\nPrivateUsers=no\n' AmbientCapabilities=CAP_NET_BIND_SERVICE \
    CapabilityBoundingSet=CAP_NET_BIND_SERVICE >/root/port.conf
  check "the unit can be changed" edit_unit /root/port.conf
  check "it restarts with other flags" systemctl restart $unit
  check "it listens where they say, on a low port too, when it may" \
    curl -fsS http://127.0.0.2:443/-/ready
  rm $own/override.conf
  mv /etc/default/smtp_reply_exporter{.bak,}
  systemctl daemon-reload

  echo 'bogus = 1' >>$config
  check "it does not start with a mistake" fails systemctl restart $unit
  configure
  check "and starts by itself when the mistake is gone" eventually curl -fsS $ours/-/ready
}

# systemctl edit, with a copy in place of an editor; it wants a terminal.
edit_unit() {
  SYSTEMD_EDITOR="cp $1" script -qec "systemctl edit smtp_reply_exporter" /dev/null
}

# What docs/operations.md tells of TLS and logins: root alone can read certificate, key and hashes.
secures() {
  local drop_in=/etc/systemd/system/$unit.d/web.conf pages=https://localhost:10235 since
  cd /etc/smtp_reply_exporter
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout web.key -out web.pem \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
  cat >web.yml <<YAML
tls_server_config:
  cert_file: web.pem
  key_file: web.key
basic_auth_users:
  $(htpasswd -niBC 10 alice <<<"correct horse" | sed 's/:/: /;/^$/d')
auth_excluded_paths: [/metrics, /-/healthy]
YAML
  chmod 600 web.yml web.key
  cat >$drop_in <<DROP_IN
[Service]
LoadCredential=web.yml:/etc/smtp_reply_exporter/web.yml
LoadCredential=web.pem:/etc/smtp_reply_exporter/web.pem
LoadCredential=web.key:/etc/smtp_reply_exporter/web.key
DROP_IN
  sed -i.bak "s|^ARGS=.*|ARGS=\"--web.listen-address=127.0.0.1:10235 --web.config.file=/run/credentials/$unit/web.yml\"|" \
    /etc/default/smtp_reply_exporter
  systemctl daemon-reload
  check "it starts with TLS and a login" systemctl restart $unit
  check "its pages ask for the password" says 401 status_at $pages/
  check "and are there for who has it" says 200 status_at $pages/ -u "alice:correct horse"
  check "its metrics need TLS alone" says 200 status_at $pages/metrics
  check "in clear it only says what to do" says "speaks HTTPS" curl -s http://localhost:10235/
  check "it reloads behind its door" systemctl reload $unit
  check "the health check finds it alive" smtp_reply_exporter healthcheck --url=$pages/-/healthy

  echo 'rate_limit: {}' >>web.yml
  since=$(date +%s)
  check "it does not start with a mistake in its web configuration" fails systemctl restart $unit
  check "the journal has the place" eventually logged "$since" "/run/credentials/$unit/web.yml:"
  mv /etc/default/smtp_reply_exporter{.bak,}
  rm $drop_in web.{yml,pem,key}
  systemctl daemon-reload
  systemctl restart $unit
}

# status_at URL [FLAG]...
status_at() { curl -sS -o /dev/null -w '%{http_code}\n' --cacert /etc/smtp_reply_exporter/web.pem "$@"; }

# What docs/operations.md tells of backups. The login fails and once worked, which only the state knows.
backs_up() {
  local folder=/var/lib/private/smtp_reply_exporter since
  check "a backup is made while the service runs" backup
  check "it is whole" says ok sqlite3 /root/state.db "PRAGMA integrity_check"
  check "the files of /etc are packed" tar -C / -czf /root/etc.tar.gz etc/smtp_reply_exporter \
    etc/default/smtp_reply_exporter etc/systemd/system/$unit.d
  systemctl stop $unit
  check "a service that has stopped leaves one file to copy, and its lock" \
    test "$(cd $folder && echo state.db*)" = "state.db state.db.lock"
  check "which is whole" says ok sqlite3 $folder/state.db "PRAGMA integrity_check"

  rm $folder/*
  check "it starts without its state" systemctl start $unit
  check "and checks" eventually has_series "smtp_check_success$login"
  check "but does not know any more that the login once worked" is "smtp_check_regression$login" 0
  systemctl stop $unit
  install -m 600 /root/state.db $folder/state.db
  since=$(date +%s)
  systemctl start $unit
  check "a file of root's is of no use to it" eventually logged "$since" "state file cannot be used"
  check "the backup is put back" restore
  knows_again
  systemctl stop $unit
  check "it was written again" newer_than_backup

  rm -r $folder /var/lib/smtp_reply_exporter /etc/smtp_reply_exporter /etc/systemd/system/$unit.d
  check "the files of /etc are unpacked where there are none" tar -C / -xzf /root/etc.tar.gz
  systemctl daemon-reload
  check "so is the state, where there is not even a folder" restore
  knows_again
}

backup() { sqlite3 /var/lib/smtp_reply_exporter/state.db ".backup /root/state.db"; }

restore() {
  systemctl stop smtp_reply_exporter
  mkdir -p /var/lib/private/smtp_reply_exporter
  cd /var/lib/private/smtp_reply_exporter
  rm -f state.db-wal state.db-shm
  install -m 600 /root/state.db state.db
  chown --reference=. state.db
  systemctl start smtp_reply_exporter
}

knows_again() {
  check "it knows again that the login once worked" is "smtp_check_regression$login" 1
  check "the file is the service's own" test \
    "$(stat -Lc '%u %a' /var/lib/smtp_reply_exporter/state.db)" = "$(status_of Uid) 600"
  check "nobody else can look into its folder" \
    test "$(stat -c %a /var/lib/private/smtp_reply_exporter)" = 700
}

newer_than_backup() {
  local last="SELECT max(last_run) FROM standing"
  [ "$(sqlite3 /var/lib/smtp_reply_exporter/state.db "$last")" -gt "$(sqlite3 /root/state.db "$last")" ]
}

upgrades() {
  local before
  before=$(pid)
  check "an upgrade works in a running system" apt install $packages/second.deb
  check "and puts the new program to work" restarted_since "$before"
  check "with the administrator's configuration" grep -q corp $config
  check "it stops when it is told to" systemctl stop $unit
  check "in good order" test "$(of_unit Result) $(of_unit ExecMainStatus)" = "success 0"
  systemctl disable -q $unit
  check "the package installs over itself" apt install --reinstall $packages/second.deb
  check "what was stopped stays stopped" fails systemctl is-active $unit
  check "what was disabled stays disabled" fails systemctl is-enabled $unit
  systemctl enable -q --now $unit
}

ends() {
  check "the service is up after a reboot" systemctl is-active $unit
  check "and still knows that the login once worked" eventually is "smtp_check_regression$login" 1
  check "it is removed from a running system" apt remove smtp-reply-exporter
  check "no process is left" fails curl -fsS $ours/-/healthy
  check "the state stays" test -s /var/lib/private/smtp_reply_exporter/state.db
  check "it is purged" apt purge smtp-reply-exporter
  check "the state is gone" fails ls -d /var/lib/private/smtp_reply_exporter /var/lib/smtp_reply_exporter
  check "systemd knows no such service" says not-found systemctl show -p LoadState $unit
}

# What the service said, where a check has failed.
trap '[ $? = 0 ] || journalctl -q --no-pager -u $unit -n 30' EXIT

case $1 in
first)
  starts
  checks_a_server
  reloads
  survives
  as_documented
  secures
  backs_up
  upgrades
  ;;
second) ends ;;
esac
echo "done    $1"
