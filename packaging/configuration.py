#!/usr/bin/python3
"""Writes the configuration to be installed: configuration.py ANNOTATED >config.toml

It is the annotated one in which every server, user and module is a comment: a fresh installation
starts, serves its pages and asks nobody.
"""

import pathlib
import sys

NOTE = """\
##
## As installed, every server below is an example in comments: nothing is checked. The service runs
## as a user of its own, who can read no private file: give it passwords by `credential`, as
## /usr/share/doc/smtp-reply-exporter/examples/credentials.conf shows.
"""


def main(annotated):
    text = pathlib.Path(annotated).read_text(encoding="utf-8")
    head, marker, rest = text.partition("\n[agent]\n")
    if not marker:
        sys.exit(f"{annotated}: no [agent] to put the note before")
    in_use = True
    lines = []
    for line in rest.splitlines():
        in_use = in_use and not line.startswith("[")
        lines.append(line if in_use or not line or line.startswith("#") else "# " + line)
    sys.stdout.write(head.rstrip("\n") + "\n" + NOTE + marker + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
