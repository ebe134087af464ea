"""Postfix: one master with an smtpd for each role, local mail into Maildirs."""

from contextlib import contextmanager

import fetch
from servers.dovecot import MECHANISMS
from servers.mail import (
    DOMAIN,
    RECIPIENT,
    USER,
    MailServer,
    certificate_of,
    choose_ports,
    implicit_tls,
    takes_mail_after_login,
)

# What `postfix start` would make; that script wants a whole system, so master runs without it.
_QUEUE = "active bounce corrupt defer deferred flush hold incoming private saved trace".split()

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mail.{domain}
mydestination =
mynetworks =
alias_maps =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
# A client of many errors, as the tests are, is neither slowed down nor cut off.
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
smtpd_hard_error_limit = 1000

virtual_mailbox_domains = {domain}
virtual_mailbox_base = {mailboxes}
virtual_mailbox_maps = inline:{{ {maps} }}
virtual_uid_maps = static:{vmail}
virtual_gid_maps = static:{vmail}
virtual_minimum_uid = 100
# Mail for others, where relaying is allowed, goes nowhere.
default_transport = discard

smtpd_tls_security_level = may
smtpd_tls_chain_files = {certificates}/valid.chain
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
"""

_MASTER = """
postlog   unix-dgram n - n - 1 postlogd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
proxymap  unix - - n - - proxymap
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
virtual   unix - n n - - virtual
"""


def _service(role, port, certificates):
    """The lines of master.cf for one role's port."""
    options = [f"smtpd_tls_chain_files={certificates}/{certificate_of(role)}.chain"]
    if takes_mail_after_login(role):
        options += ["smtpd_sasl_auth_enable=yes"]
        options += ["smtpd_recipient_restrictions=permit_sasl_authenticated,reject"]
    if role == "cleartext":
        options += ["smtpd_tls_security_level=none"]
    elif takes_mail_after_login(role):
        options += ["smtpd_tls_security_level=encrypt", "smtpd_tls_auth_only=yes"]
    if implicit_tls(role):
        options += ["smtpd_tls_wrappermode=yes"]
    if role == "open_relay":
        # An smtpd that permits everything outright does not start; trusting every client does.
        options += ["mynetworks=127.0.0.0/8", "smtpd_relay_restrictions=permit_mynetworks,reject"]
    lines = [f"127.0.0.1:{port} inet n - n - - smtpd", f"  -o syslog_name={role}"]
    return "\n".join(lines + [f"  -o {option}" for option in options]) + "\n"


def _configure(sandbox, folder, mailboxes, auth_socket, ports):
    inside = sandbox.inside(folder)
    certificates = sandbox.inside(sandbox.folder("certificates"))
    maps = " ".join(f"{{ {name} = {name.split('@')[0]}/ }}" for name in (USER, RECIPIENT))
    config = sandbox.folder("postfix/etc")
    (config / "main.cf").write_text(
        _MAIN.format(
            folder=inside,
            domain=DOMAIN,
            mailboxes=sandbox.inside(mailboxes),
            maps=maps,
            vmail=fetch.USERS["vmail"],
            certificates=certificates,
            auth=auth_socket,
        )
    )
    services = (_service(role, port, certificates) for role, port in ports.items())
    (config / "master.cf").write_text(_MASTER + "".join(services))
    for name in _QUEUE:
        sandbox.folder(f"postfix/queue/{name}", owner="postfix")
    for name in ("pid", "public"):
        sandbox.folder(f"postfix/queue/{name}", owner="postfix" if name == "public" else "root")
    sandbox.folder("postfix/queue/maildrop", owner="postfix")
    sandbox.folder("postfix/data", owner="postfix")
    return sandbox.inside(config)


@contextmanager
def run(sandbox, dovecot):
    ports = choose_ports()
    folder = sandbox.folder("postfix")
    mailboxes = sandbox.folder("postfix/mailboxes", owner="vmail")
    config = _configure(sandbox, folder, mailboxes, dovecot.socket, ports)
    with sandbox.start(
        folder / "start.log", "/usr/lib/postfix/sbin/master", "-c", config
    ) as master:
        master.wait_for(*ports.values())
        yield MailServer("postfix", ports, mailboxes, MECHANISMS)
