"""Checks the source of agent/ against its architecture; prints each breach as file:line: what and cure.

A folder includes only the folders in its own USES, which stand above it in agent/CMakeLists.txt; each
library has its only users; only one file reads the clock, and few open a secret.
"""

import pathlib
import re
import sys

# The folders that may include a library, by the beginning of its headers' names.
LIBRARY_USERS = {
    "CLI/": {"cli"},
    "SQLiteCpp/": {"record"},
    "ares": {"resolve"},
    "boost/beast": {"web"},
    "boost/url": {"web"},
    "crypt.h": {"access"},
    "curl/": {"cli", "session"},
    "gsasl": {"session"},
    "kainjow/": {"web"},
    "nlohmann/": {"base", "cli", "report"},
    "openssl/": {"access", "demo", "session"},
    "prometheus/": {"metrics"},
    "re2/": {"knowledge"},
    "spdlog/": {"base"},
    "sqlite3": {"record"},
    "systemd/": {"daemon"},
    "toml++/": {"config"},
    "yaml-cpp/": {"access"},
    "zlib": {"web"},
}

# Everybody else is given the time by a Clock.
CLOCK = re.compile(
    r"\b(?:(?:steady|system|high_resolution|utc|file)_clock::now"
    r"|gettimeofday|clock_gettime|timespec_get)\b|(?<![\w.>])(?:::|std::)?time\("
)
CLOCK_READERS = {"base/clock.cc"}

# What becomes of a secret is seen in these files alone: it is taken out of what is shown, said to the
# server that has earned it, and, by the demo's own server, quoted back; a password of the pages is
# compared with its hash, and a private key handed to OpenSSL.
REVEAL = re.compile(r"\breveal\(\)")
REVEALERS = {
    "access/bcrypt.cc",
    "access/password_checker.cc",
    "access/tls_server.cc",
    "base/secret.h",
    "smtp/redactor.cc",
    "session/sasl.cc",
    "demo/scripted_session.cc",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
LAYER = re.compile(r"sre_layer\((\w+)(.*?)\)", re.DOTALL)
SUBDIRECTORY = re.compile(r"^\s*add_subdirectory\((\w+)\)", re.MULTILINE)
COMMENT = re.compile(r"//.*")


def uses_of(cmake_text):
    """The layer's name and the folders behind USES, up to the next key word."""
    layer = LAYER.search(cmake_text)
    if layer is None:
        return None, []
    uses, collecting = [], False
    for word in layer.group(2).split():
        if word.isupper():
            collecting = word == "USES"
        elif collecting:
            uses.append(word)
    return layer.group(1), uses


def closure(folder, uses):
    """All that `folder` may include: what it uses and, since links are public, what those use."""
    seen, left = set(), list(uses[folder])
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            left += uses.get(one, [])
    return seen


def check_order(agent, breaches):
    """The folders' USES, after a look whether each stands below what it uses."""
    lists = agent / "CMakeLists.txt"
    order = SUBDIRECTORY.findall(lists.read_text())
    uses = {}
    for folder in order:
        cmake = agent / folder / "CMakeLists.txt"
        name, used = uses_of(cmake.read_text())
        if name != folder:
            breaches.append(f"{cmake}:1: no sre_layer({folder} ...): every folder is one layer")
        for one in used:
            if one not in uses:
                breaches.append(
                    f"{cmake}:1: uses {one}, which does not stand above {folder} in {lists}"
                )
        uses[folder] = used
    for folder in sorted(p.name for p in agent.iterdir() if p.is_dir()):
        if folder not in uses:
            breaches.append(f"{lists}:1: {folder} is missing: add_subdirectory({folder})")
    return uses


def check_include(folder, header, library, allowed):
    """What is wrong with one include; nothing if all is well."""
    if header is not None:
        parts = header.split("/")
        if parts[0] != "agent":
            generated = len(parts) == 1 and header.startswith("embedded_")
            return None if generated else f'"{header}": write "agent/FOLDER/FILE"'
        if parts[1] != folder and parts[1] not in allowed:
            return f"{folder} does not use {parts[1]}: name it in USES, or do without"
        return None
    for prefix, users in LIBRARY_USERS.items():
        if library.startswith(prefix) and folder not in users:
            return f"<{library}> is for {', '.join(sorted(users))} only"
    return None


def check_file(path, name, folder, allowed, breaches):
    for number, raw in enumerate(path.read_text().splitlines(), 1):
        place = f"{path}:{number}"
        include = INCLUDE.match(raw)
        if include:
            wrong = check_include(folder, include.group(1), include.group(2), allowed)
            if wrong:
                breaches.append(f"{place}: {wrong}")
            continue
        line = COMMENT.sub("", raw)
        if CLOCK.search(line) and name not in CLOCK_READERS:
            breaches.append(f"{place}: reads the time: take a Clock (agent/base/clock.h)")
        if REVEAL.search(line) and name not in REVEALERS:
            breaches.append(f"{place}: opens a secret outside {', '.join(sorted(REVEALERS))}")


def breaches_of(root):
    agent = pathlib.Path(root) / "agent"
    breaches = []
    uses = check_order(agent, breaches)
    for folder in uses:
        allowed = closure(folder, uses)
        for path in sorted((agent / folder).rglob("*")):
            if path.suffix in (".h", ".cc"):
                name = path.relative_to(agent).as_posix()
                check_file(path, name, folder, allowed, breaches)
    return breaches


if __name__ == "__main__":
    FOUND = breaches_of(sys.argv[1])
    print("\n".join(FOUND) or "as the architecture says")
    sys.exit(1 if FOUND else 0)
