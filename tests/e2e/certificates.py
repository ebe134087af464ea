"""A certificate authority of this run, and leaf certificates with one fault each."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

# What each leaf is for. All but "other_name" name the host the tests dial.
KINDS = ("valid", "expired", "expiring", "self_signed", "other_name")

HOST = "mail.example.test"
OTHER_HOST = "elsewhere.example.test"
EXPIRING_DAYS = 3

_CONFIG = """
[ca]
default_ca = this
[this]
dir = {folder}
database = $dir/index.txt
new_certs_dir = $dir
rand_serial = yes
default_md = sha256
policy = policy
unique_subject = no
copy_extensions = copy
[policy]
commonName = supplied
"""


class Certificates:
    """Files in a folder of the run: `ca`, and `chain(kind)`, a key followed by its certificate."""

    def __init__(self, sandbox):
        self._sandbox = sandbox
        self._folder = sandbox.folder("certificates")
        self.ca = self._folder / "ca.pem"
        (self._folder / "index.txt").touch()
        (self._folder / "ca.cnf").write_text(_CONFIG.format(folder=sandbox.inside(self._folder)))
        self._request("ca", "/CN=Test Authority", "basicConstraints=critical,CA:TRUE", "-x509")
        for kind in KINDS:
            self._leaf(kind)

    def key(self, kind):
        return self._folder / f"{kind}.key"

    def certificate(self, kind):
        return self._folder / f"{kind}.pem"

    def chain(self, kind):
        return self._folder / f"{kind}.chain"

    def fingerprint(self, kind):
        """SHA-256 of the certificate, lower-case hexadecimal without colons."""
        told = self._openssl(
            "x509", "-noout", "-fingerprint", "-sha256", "-in", self.certificate(kind)
        )
        return told.split("=")[1].strip().replace(":", "").lower()

    def _leaf(self, kind):
        host = OTHER_HOST if kind == "other_name" else HOST
        names = f"subjectAltName=DNS:{host}"
        if kind != "other_name":
            names += ",DNS:localhost,IP:127.0.0.1"
        if kind == "self_signed":
            self._request(kind, f"/CN={host}", names, "-x509")
        else:
            self._request(kind, f"/CN={host}", names)
            self._sign(kind)
        text = self.key(kind).read_text() + self.certificate(kind).read_text()
        self.chain(kind).write_text(text)

    def _request(self, kind, subject, extension, *more):
        # With -x509 the request signs itself and is a certificate at once.
        out = self.certificate(kind) if "-x509" in more else self._folder / f"{kind}.csr"
        self._openssl(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", self.key(kind), "-out", out, "-subj", subject, "-addext", extension, *more,
        )  # fmt: skip

    def _sign(self, kind):
        days = {"expired": -1, "expiring": EXPIRING_DAYS}.get(kind, 90)
        start = "20200101000000Z"
        end = (datetime.now(timezone.utc) + timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")
        # `openssl ca`, since `openssl x509` of OpenSSL 3.0 cannot set an end in the past.
        self._openssl(
            "ca", "-batch", "-notext", "-config", self._folder / "ca.cnf",
            "-cert", self.ca, "-keyfile", self.key("ca"),
            "-in", self._folder / f"{kind}.csr", "-out", self.certificate(kind),
            "-startdate", start, "-enddate", end,
        )  # fmt: skip

    def _openssl(self, *words):
        words = [self._sandbox.inside(word) if isinstance(word, Path) else word for word in words]
        done = self._sandbox.run("openssl", *words)
        assert done.returncode == 0, f"openssl {words}: {done.stderr}"
        return done.stdout
