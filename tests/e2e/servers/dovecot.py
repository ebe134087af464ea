"""Dovecot as what Postfix asks about passwords; it opens no port of its own."""

import base64
import hashlib
import hmac
import json
import time
from contextlib import contextmanager

from servers.mail import PASSWORD, USER
from waiting import eventually

MECHANISMS = (
    "PLAIN",
    "LOGIN",
    "CRAM-MD5",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
    "XOAUTH2",
    "OAUTHBEARER",
)

_TOKEN_KEY = b"key of the token issuer, for tests only"

_CONFIG = """
protocols = none
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
auth_verbose = yes
ssl = no
default_internal_user = dovecot
default_internal_group = dovecot
default_login_user = dovenull
# A refused password must slow nothing down: neither its own reply nor, by Dovecot's penalty for
# an address of many failures, the next ones.
auth_failure_delay = 0
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
# The client side of AUTH sees to TLS: Postfix offers AUTH only where it should.
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
passdb {{
  driver = passwd-file
  args = {folder}/passwd
  mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
}}
passdb {{
  driver = oauth2
  args = {folder}/oauth2.conf
  mechanisms = xoauth2 oauthbearer
}}
userdb {{
  driver = static
  args = uid=vmail gid=vmail home=/nowhere
}}
service auth {{
  unix_listener {folder}/auth-smtp {{
    mode = 0666
  }}
}}
# No mail is kept here, hence no statistics of it either.
service stats {{
  unix_listener stats-reader {{
    mode = 0
  }}
}}
"""

_OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = sub
"""


class Dovecot:
    """Running: `socket` is where Postfix finds it, as named within the chroot."""

    def __init__(self, sandbox):
        self.folder = sandbox.folder("dovecot")
        inside = sandbox.inside(self.folder)
        self.socket = f"{inside}/auth-smtp"
        self.config = f"{inside}/dovecot.conf"
        (self.folder / "dovecot.conf").write_text(
            _CONFIG.format(folder=inside, mechanisms=" ".join(MECHANISMS).lower())
        )
        (self.folder / "oauth2.conf").write_text(_OAUTH2.format(folder=inside))
        key = sandbox.folder("dovecot/keys/default/HS256") / "default"
        key.write_bytes(base64.b64encode(_TOKEN_KEY))
        self.set_password(PASSWORD)

    def set_password(self, password):
        """Replaces the password of USER; every login from now on is judged by the new one."""
        # Kept in clear, for then every mechanism can be answered from it.
        fresh = self.folder / "passwd.new"
        fresh.write_text(f"{USER}:{{PLAIN}}{password}\n")
        fresh.chmod(0o644)
        fresh.rename(self.folder / "passwd")
        # Dovecot looks whether the file changed once a second at most.
        second = int(time.time())
        eventually(lambda: int(time.time()) > second)


def token(user=USER):
    """An access token (RFC 7519, HS256) for the user, as XOAUTH2 and OAUTHBEARER carry it."""
    header = _base64url(json.dumps({"alg": "HS256", "typ": "JWT"}))
    claims = _base64url(json.dumps({"sub": user, "iat": 1577836800, "exp": 4102444800}))
    signed = f"{header}.{claims}"
    mac = hmac.new(_TOKEN_KEY, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_base64url(mac)}"


def _base64url(data):
    raw = data if isinstance(data, bytes) else data.encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@contextmanager
def run(sandbox):
    dovecot = Dovecot(sandbox)
    log = dovecot.folder / "dovecot.log"
    with sandbox.start(log, "/usr/sbin/dovecot", "-F", "-c", dovecot.config):
        eventually((dovecot.folder / "auth-smtp").is_socket, what=lambda: log.read_text()[-2000:])
        yield dovecot
