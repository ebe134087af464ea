#!/usr/bin/python3
"""Writes a document of docs/ as the package has it: document.py DOCUMENT >installed

What the document calls by its place in the source is called by its place in the package; a link to
what the package does not bring becomes a name.
"""

import pathlib
import re
import sys

EXAMPLES = "/usr/share/doc/smtp-reply-exporter/examples/"
PLACES = {
    "config/prometheus/": EXAMPLES + "prometheus/",
    "config/examples/": EXAMPLES,
    "config/knowledge/": EXAMPLES + "knowledge/",
    "config/smtp_reply_exporter.toml": EXAMPLES + "smtp_reply_exporter.toml",
}


def installed(text):
    """The text with every place of PLACES replaced, and no link that leads out of docs/."""
    for source, place in PLACES.items():
        text = re.sub(rf"(?<![\w./-])(\.\./)?{re.escape(source)}", place, text)
    return re.sub(r"\[([^]]+)\]\(\.\./[^)]+\)", r"`\1` of the source", text)


def main(document):
    sys.stdout.write(installed(pathlib.Path(document).read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(*sys.argv[1:])
