"""What the program says of itself by --help, taken apart."""

import re
import subprocess
from dataclasses import dataclass, field


@dataclass
class Row:
    """A line of help: `name` as written ("--tls=none|starttls", "HOST[:PORT]"), and what it means."""

    name: str
    meaning: str

    @property
    def flag(self):
        """ "--tls" of "--tls=none|starttls"; of "-h, --help" the long one."""
        return self.name.split(", ")[-1].split("=")[0]

    @property
    def value(self):
        """ "none|starttls" of "--tls=none|starttls"; empty for a flag that takes none."""
        return self.name.partition("=")[2]


@dataclass
class Help:
    """The --help of the program or of one of its commands."""

    usage: str
    summary: str
    sections: dict = field(default_factory=dict)  # "Flags" -> [Row]

    def rows(self, section):
        return self.sections.get(section, [])


def parse(text):
    """The text of one --help. Raises ValueError for a line that fits nothing it knows."""
    lines = text.rstrip("\n").split("\n")
    if not lines[0].startswith("Usage: "):
        raise ValueError(f"a help begins with Usage:, not with {lines[0]!r}")
    found = Help(lines[0].removeprefix("Usage: "), lines[2])
    section = None
    for line in lines[3:]:
        if re.fullmatch(r"[A-Z]\w+:", line):
            section = found.sections.setdefault(line[:-1], [])
        elif line.startswith(" " * 32) and section and not section[-1].meaning:
            section[-1].meaning = line.strip()
        elif row := re.fullmatch(r" +(-h, --\S+|\S+)(?: +(\S.*))?", line):
            section.append(Row(row[1], row[2] or ""))
        elif line and not line.endswith("shows the flags of a command."):
            raise ValueError(f"a line of help that is not understood: {line!r}")
    return found


def ask(program, *arguments):
    """What the program prints."""
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def help_of(program):
    """{"": its own help, "serve": that of the command serve, ...}"""
    helps = {"": parse(ask(program, "--help"))}
    for command in helps[""].rows("Commands"):
        helps[command.name] = parse(ask(program, command.name, "--help"))
    return helps
