# shellcheck shell=bash
# The small Debian systems that package and image are tried in, made once and kept below
# build/packaging/: `bare` has what every Debian has and nothing else, `booting` has systemd on top.

roots=$PWD/build/packaging
# A system that could not be made must not be taken for one: $(...) ends with the first failure, too.
shopt -s inherit_errexit

# One script at a time makes them and works in them. The lock is gone with the last process of whoever
# has it, so nobody has to take it away.
lock_roots() {
  mkdir -p "$roots"
  exec 9>"$roots/lock"
  flock -n 9 || { echo "$0: another run is under way in $roots" >&2; return 1; }
}

# The machine's own sources for bookworm, as lines of a sources.list, and in them the first mirror
# that is neither security nor updates.
sources_of_machine() {
  # shellcheck disable=SC2016 # apt fills in its own names
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    sort -u | awk '$2 ~ /^bookworm(-updates|-security)?$/ { print "deb", $1, $2, $3 }'
}

# debootstrap fetches by itself, not through apt: a proxy that apt is told of is passed on.
proxied() {
  local proxy
  proxy=$(apt-config shell P Acquire::http::Proxy | sed "s/^P='\(.*\)'$/\1/")
  http_proxy=${proxy:-${http_proxy:-}} "$@"
}

# Runs a command in a system: in_root FOLDER [FLAG OF NSPAWN]... -- COMMAND...
in_root() {
  local root=$1 flags=()
  shift
  while [ "$1" != -- ]; do flags+=("$1") && shift; done
  shift
  systemd-nspawn --quiet --register=no --keep-unit --pipe -D "$root" "${flags[@]}" \
    --setenv=DEBIAN_FRONTEND=noninteractive --setenv=LC_ALL=C.UTF-8 "$@"
}

# As above with the machine's network, and with packages that are fetched once only.
in_root_online() {
  local root=$1
  shift
  mkdir -p "$roots/archives/partial"
  in_root "$root" --resolv-conf=copy-host --bind="$roots/archives:/var/cache/apt/archives" "$@"
}

make_bare() {
  local root=$1 sources mirror
  sources=$(sources_of_machine)
  # A machine whose lists have been thrown away knows its sources again after an update.
  [ -n "$sources" ] || { apt-get -qq update && sources=$(sources_of_machine); }
  mirror=$(awk '$3 == "bookworm" { print $2; exit }' <<<"$sources")
  [ -n "$mirror" ] || { echo "apt's sources of this machine have no bookworm" >&2; return 1; }
  mkdir -p "$roots/archives"
  proxied debootstrap --variant=minbase --cache-dir="$roots/archives" \
    bookworm "$root" "$mirror" >"$roots/debootstrap.log" 2>&1 ||
    { tail -20 "$roots/debootstrap.log" >&2; return 1; }
  echo "$sources" >"$root/etc/apt/sources.list"
  # How this machine fetches, a proxy for example; not what else it has apt do.
  apt-config dump Acquire >"$root/etc/apt/apt.conf.d/90fetch"
  in_root_online "$root" -- apt-get -qq update
}

make_booting() {
  local bare
  bare=$(root_of bare)
  cp -a "$bare" "$1"
  in_root_online "$1" -- apt-get -qq install -y --no-install-recommends \
    systemd systemd-sysv dbus curl >"$roots/booting.log" 2>&1 ||
    { tail -20 "$roots/booting.log" >&2; return 1; }
}

# The folder of a system, made now if it is not there yet or was made by another version of this.
root_of() {
  local name=$1 stamp
  stamp=$(sha256sum "${BASH_SOURCE[0]}" | cut -c 1-16)
  if [ "$(cat "$roots/$name.stamp" 2>/dev/null)" != "$stamp" ]; then
    echo "making $name: a Debian below build/packaging" >&2
    rm -rf --one-file-system "${roots:?}/$name" "$roots/$name.stamp"
    "make_$name" "$roots/$name" >&2
    echo "$stamp" >"$roots/$name.stamp"
  fi
  echo "$roots/$name"
}
