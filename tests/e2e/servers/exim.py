"""Exim: one daemon on all roles' ports, with its own password file and authenticators."""

from contextlib import contextmanager

from servers.mail import (
    DOMAIN,
    PASSWORD,
    RECIPIENT,
    ROLES,
    USER,
    MailServer,
    certificate_of,
    choose_ports,
    implicit_tls,
    takes_mail_after_login,
)

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")

_CONFIG = """
primary_hostname = mail.{domain}
domainlist local_domains = {domain}
exim_user = Debian-exim
exim_group = Debian-exim
# Mailboxes belong to Exim's own user: for a configuration file named by -C, as this is, the process
# that delivers gives up root.
deliver_drop_privilege = true
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/exim.pid
keep_environment =
# The addresses of a name that has several.
local_interfaces = 127.0.0.1 : 127.0.0.2 : 127.0.0.3
daemon_smtp_ports = {ports}
tls_on_connect_ports = {implicit}
host_lookup =
rfc1413_hosts =
smtp_accept_max = 200

# Which port is which role is told by the port number the client came to.
tls_certificate = {certificates}/\\
    ${{extract{{p$received_port}}{{{port_certificates}}}{{$value}}{{valid}}}}.chain
tls_advertise_hosts = ${{if eq{{$received_port}}{{{cleartext}}}{{}}{{*}}}}
auth_advertise_hosts = ${{if and{{ {{inlisti{{$received_port}}{{{login}}}}} \\
    {{or{{ {{eq{{$received_port}}{{{cleartext}}}}} {{def:tls_in_cipher}} }}}} }}{{*}}{{}}}}

acl_smtp_mail = check_mail
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept

begin acl
check_mail:
  deny  message   = authentication required
        condition = ${{if inlisti{{$received_port}}{{{login}}}}}
        !authenticated = *
  accept
check_rcpt:
  accept condition = ${{if eq{{$received_port}}{{{open_relay}}}}}
  accept authenticated = *
  require message = relay not permitted
          domains = +local_domains
  require verify  = recipient
  accept

begin routers
away:
  driver = accept
  domains = ! +local_domains
  transport = nowhere
mailbox:
  driver = accept
  local_parts = {local_parts}
  transport = maildir
  # As in Exim's own default configuration; without it an unknown user is an "Unrouteable address".
  cannot_route_message = Unknown user

begin transports
nowhere:
  driver = appendfile
  file = /dev/null
  user = Debian-exim
maildir:
  driver = appendfile
  maildir_format
  directory = {mailboxes}/${{lookup{{$local_part}}lsearch{{{folder}/recipients}}{{$value}}}}
  create_directory
  user = Debian-exim

begin retry
* * F,1m,1m

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth3}}{{${{lookup{{$auth2}}lsearch{{{folder}/passwd}}}}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = ${{if eq{{$auth2}}{{${{lookup{{$auth1}}lsearch{{{folder}/passwd}}}}}}}}
  server_set_id = $auth1
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = ${{lookup{{$auth1}}lsearch{{{folder}/passwd}}{{$value}}fail}}
  server_set_id = $auth1
"""


def _configure(sandbox, folder, mailboxes, ports):
    known = [name.split("@")[0] for name in (USER, RECIPIENT)]
    (folder / "recipients").write_text("".join(f"{name}: {name}\n" for name in known))
    (folder / "passwd").write_text(f"{USER}: {PASSWORD}\n")
    text = _CONFIG.format(
        domain=DOMAIN,
        folder=sandbox.inside(folder),
        mailboxes=sandbox.inside(mailboxes),
        certificates=sandbox.inside(sandbox.folder("certificates")),
        ports=" : ".join(str(port) for port in ports.values()),
        implicit=" : ".join(str(port) for role, port in ports.items() if implicit_tls(role)),
        port_certificates=" ".join(f"p{ports[role]}={certificate_of(role)}" for role in ROLES),
        cleartext=ports["cleartext"],
        open_relay=ports["open_relay"],
        login=" : ".join(str(ports[role]) for role in ROLES if takes_mail_after_login(role)),
        local_parts=" : ".join(known),
    )
    (folder / "exim.conf").write_text(text)
    return sandbox.inside(folder / "exim.conf")


@contextmanager
def run(sandbox):
    ports = choose_ports()
    folder = sandbox.folder("exim")
    mailboxes = sandbox.folder("exim/mailboxes", owner="Debian-exim")
    for name in ("spool", "log"):
        sandbox.folder(f"exim/{name}", owner="Debian-exim")
    config = _configure(sandbox, folder, mailboxes, ports)
    with sandbox.start(folder / "exim.log", "/usr/sbin/exim4", "-bdf", "-C", config) as exim:
        exim.wait_for(*ports.values())
        yield MailServer("exim", ports, mailboxes, MECHANISMS)
