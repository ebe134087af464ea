#!/usr/bin/python3
"""Writes the manual page: manual.py PROGRAM TEMPLATE DATE >smtp_reply_exporter.1

The template has the prose; commands and flags come from the program's own --help, so that none is
missing and none is invented.
"""

import pathlib
import sys

import help_text

SHARED = ("--log.level", "--log.format", "--help")


def roff(text):
    """Text in which nothing is a request or an escape of roff."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\\&" + text if text.startswith(".") else text


def flag(row):
    """--tls=none|starttls, the flag in bold; a line may end behind each "|"."""
    name, _, value = row.name.partition("=")
    return f"\\fB{roff(name)}\\fR" + (f"={roff(value)}".replace("|", "|\\:") if value else "")


def entry(tag, text):
    return f".TP\n{tag}\n{roff(text)}\n"


def command(described):
    """One command: how it is called, what it does, its own flags."""
    usage = described.usage.removeprefix("smtp_reply_exporter ")
    text = f".SS {roff(usage)}\n{roff(described.summary)}.\n"
    for row in described.rows("Arguments"):
        text += entry(f"\\fI{roff(row.name)}\\fR", row.meaning)
    for row in described.rows("Flags"):
        if row.flag not in SHARED:
            text += entry(flag(row), row.meaning)
    return text


def main(program, template, date):
    helps = help_text.help_of(program)
    commands = "".join(command(h) for n, h in helps.items() if n)
    shared = [r for r in helps[""].rows("Flags") if r.flag in SHARED + ("--version",)]
    page = pathlib.Path(template).read_text(encoding="utf-8")
    for word, value in {
        "@DATE@": date,
        "@VERSION@": help_text.ask(program, "--version").split()[1],
        "@COMMANDS@\n": commands,
        "@SHARED_FLAGS@\n": "".join(entry(flag(r), r.meaning) for r in shared),
    }.items():
        page = page.replace(word, value)
    sys.stdout.write(page)


if __name__ == "__main__":
    main(*sys.argv[1:])
