"""Finds a secret in text, however it may be written there."""

import base64
import html
import json
import urllib.parse


def spellings(secret):
    """How a secret may look: in clear, escaped, and in base64 at each of the three alignments."""
    raw = secret.encode()
    found = {
        "clear": secret,
        "hexadecimal": raw.hex(),
        "HTML": html.escape(secret),
        "JSON": json.dumps(secret)[1:-1],
        "URL": urllib.parse.quote(secret, safe=""),
        "form": urllib.parse.quote_plus(secret),
    }
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        # Letters that also hold bits of what may stand before or after the secret are left off.
        first = (shift * 8 + 5) // 6
        last = (shift + len(raw)) * 8 // 6
        found[f"base64, {shift} bytes in"] = coded[first:last]
    return found


def find(secret, text):
    """The names of the spellings of the secret that occur in the text."""
    # Hexadecimal in either case, base64 in either alphabet.
    plain_base64 = text.replace("-", "+").replace("_", "/")
    variants = (text, text.lower(), plain_base64)
    return [
        name
        for name, spelling in spellings(secret).items()
        if any(spelling in variant for variant in variants)
    ]
