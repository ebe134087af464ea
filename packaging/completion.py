#!/usr/bin/python3
"""Writes the completion for bash: completion.py PROGRAM TEMPLATE >smtp_reply_exporter

Commands, flags and the words that a flag may take come from the program's own --help.
"""

import pathlib
import sys

import help_text


def flags_of(described):
    """Flags as bash shall put them on the line: with "=" behind those that take a value."""
    return " ".join(r.flag + ("=" if r.value else "") for r in described.rows("Flags"))


def value_cases(helps):
    """What may stand behind each flag that takes a value, as cases of bash."""
    values = {}
    for described in helps.values():
        for row in described.rows("Flags"):
            if row.value:
                values.setdefault(row.flag, row.value)
    text = ""
    for flag, value in values.items():
        if "|" in value:
            action = f"COMPREPLY=($(compgen -W '{value.replace('|', ' ')}' -- \"$cur\"))"
        else:
            action = {"FILE": "_filedir", "FOLDER": "_filedir -d"}.get(value, "COMPREPLY=()")
        text += f"        {flag}) {action}; return ;;\n"
    return text


def flag_cases(helps):
    """The flags of each command, and of none, as cases of bash."""
    return "".join(
        f"        {name or chr(39) * 2}) flags='{flags_of(described)}' ;;\n"
        for name, described in helps.items()
    )


def main(program, template):
    helps = help_text.help_of(program)
    text = pathlib.Path(template).read_text(encoding="utf-8")
    for word, value in {
        "@COMMANDS@": " ".join(name for name in helps if name),
        "@COMMANDS_OR@": "|".join(name for name in helps if name),
        "@VALUES@\n": value_cases(helps),
        "@FLAGS@\n": flag_cases(helps),
    }.items():
        text = text.replace(word, value)
    sys.stdout.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
