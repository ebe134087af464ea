"""What the two mail servers have in common: roles, accounts, and reading what arrived."""

import email
import email.policy
from dataclasses import dataclass
from pathlib import Path

import certificates
from waiting import free_port

DOMAIN = "example.test"
USER = "probe@example.test"
PASSWORD = "Correct horse/battery+staple=4711"
RECIPIENT = "postmaster@example.test"
UNKNOWN = "nobody-here@example.test"
FOREIGN = "stranger@foreign.test"

# A port each. The certificate kind, where it is not the valid one, is the last part of the name.
#   mx          as port 25: STARTTLS, no AUTH, mail for our own domain only
#   submission  as port 587: STARTTLS, then AUTH, then mail
#   smtps       as port 465: the same within TLS
#   cleartext   submission without any TLS
#   open_relay  takes mail from anybody for anybody
ROLES = ("mx", "cleartext", "open_relay") + tuple(
    role if kind == "valid" else f"{role}_{kind}"
    for role in ("submission", "smtps")
    for kind in certificates.KINDS
)


def certificate_of(role):
    """The certificate kind that a role's port shows."""
    kinds = [kind for kind in certificates.KINDS if role.endswith("_" + kind)]
    return kinds[0] if kinds else "valid"


def implicit_tls(role):
    return role.startswith("smtps")


def takes_mail_after_login(role):
    return role.startswith(("submission", "smtps", "cleartext"))


@dataclass(frozen=True)
class MailServer:
    """A running server: a port for each of ROLES, and where it delivers to."""

    name: str
    ports: dict
    mailboxes: Path
    mechanisms: tuple

    def messages(self, recipient=RECIPIENT):
        """Everything delivered to the recipient's Maildir so far, as email.message.EmailMessage."""
        new = self.mailboxes / recipient.split("@")[0] / "new"
        files = sorted(new.iterdir()) if new.exists() else []
        parse = email.message_from_bytes
        return [parse(file.read_bytes(), policy=email.policy.default) for file in files]


def choose_ports():
    return {role: free_port() for role in ROLES}
