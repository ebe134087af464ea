"""The mail servers themselves, asked by Python: a fault here is a fixture's, not the program's."""

import base64
import smtplib
import socket
import ssl

import pytest

import certificates as certificate_files
from servers import mail
from servers.dovecot import token
from waiting import eventually


def connect(server, role):
    """A session on a role's port, past EHLO and TLS, whatever the certificate."""
    context = ssl._create_unverified_context()
    port = server.ports[role]
    if mail.implicit_tls(role):
        session = smtplib.SMTP_SSL("127.0.0.1", port, timeout=20, context=context)
    else:
        session = smtplib.SMTP("127.0.0.1", port, timeout=20)
    session.ehlo("client.example.test")
    if session.has_extn("starttls"):
        session.starttls(context=context)
        session.ehlo("client.example.test")
    return session


def log_in(session, mechanism, password, secret_token=None):
    session.user, session.password = mail.USER, password
    if mechanism == "XOAUTH2":
        text = f"user={mail.USER}\1auth=Bearer {secret_token}\1\1"
        return session.docmd("AUTH", "XOAUTH2 " + base64.b64encode(text.encode()).decode())
    method = getattr(session, "auth_" + mechanism.lower().replace("-", "_"))
    return session.auth(mechanism, method)


@pytest.mark.parametrize("role", ["submission", "smtps", "cleartext"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_login_takes_the_right_password_only(server, role, mechanism):
    with connect(server, role) as session:
        assert log_in(session, mechanism, mail.PASSWORD)[0] == 235
    with connect(server, role) as session:
        with pytest.raises(smtplib.SMTPAuthenticationError) as refusal:
            log_in(session, mechanism, "wrong")
        assert refusal.value.smtp_code == 535


def test_dovecot_takes_its_own_tokens_only(postfix):
    with connect(postfix, "submission") as session:
        assert log_in(session, "XOAUTH2", None, token())[0] == 235
    with connect(postfix, "submission") as session:
        forged = token()[:-4] + "AAAA"
        # The refusal is a challenge with the error first; an empty answer gets the reply proper.
        assert log_in(session, "XOAUTH2", None, forged)[0] == 334
        assert session.docmd("")[0] == 535


@pytest.mark.parametrize("role", ["submission", "smtps"])
def test_every_mechanism_is_offered_within_tls(server, role):
    with connect(server, role) as session:
        assert set(session.esmtp_features["auth"].split()) == set(server.mechanisms)


@pytest.mark.parametrize("role", ["mx", "submission"])
def test_no_login_is_offered_before_tls(server, role):
    with smtplib.SMTP("127.0.0.1", server.ports[role], timeout=20) as session:
        session.ehlo()
        assert session.has_extn("starttls") and not session.has_extn("auth")


def test_the_mx_takes_mail_for_known_recipients_only(server):
    with connect(server, "mx") as session:
        assert session.mail(mail.USER)[0] == 250
        assert session.rcpt(mail.RECIPIENT)[0] == 250
        assert session.rcpt(mail.UNKNOWN)[0] == 550
        assert session.rcpt(mail.FOREIGN)[0] in (550, 554)


@pytest.mark.parametrize("role", ["submission", "smtps", "cleartext"])
def test_submission_refuses_mail_without_login(server, role):
    with connect(server, role) as session:
        replies = (session.mail(mail.USER)[0], session.rcpt(mail.RECIPIENT)[0])
        # Postfix delays the refusal to RCPT, Exim is set up to refuse MAIL.
        assert replies == ((250, 554) if server.name == "postfix" else (550, 503))


def test_the_open_relay_relays(server):
    with connect(server, "open_relay") as session:
        assert session.mail(mail.USER)[0] == 250
        assert session.rcpt(mail.FOREIGN)[0] == 250


def test_mail_arrives(server):
    before = len(server.messages())
    with connect(server, "submission") as session:
        session.login(mail.USER, mail.PASSWORD)
        session.sendmail(mail.USER, [mail.RECIPIENT], "Subject: by hand\r\n\r\nHello.\r\n")
    arrived = eventually(lambda: server.messages()[before:])
    assert arrived[0]["Subject"] == "by hand"


@pytest.mark.parametrize("role", ["submission", "smtps"])
@pytest.mark.parametrize("kind", certificate_files.KINDS)
def test_each_port_shows_its_certificate(server, certificates, role, kind):
    role = role if kind == "valid" else f"{role}_{kind}"
    with connect(server, role) as session:
        shown = session.sock.getpeercert(binary_form=True)
    text = certificates.certificate(kind).read_text()
    assert shown == ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN") :])


@pytest.mark.parametrize(
    "kind, fault",
    [
        ("valid", None),
        ("expiring", None),
        ("expired", "certificate has expired"),
        ("self_signed", "self-signed certificate"),
        ("other_name", "mismatch"),
    ],
)
def test_each_certificate_has_its_fault_only(certificates, server, kind, fault):
    role = "smtps" if kind == "valid" else f"smtps_{kind}"
    context = ssl.create_default_context(cafile=certificates.ca)
    with socket.create_connection(("127.0.0.1", server.ports[role]), timeout=20) as plain:
        try:
            context.wrap_socket(plain, server_hostname=certificate_files.HOST).close()
            found = None
        except ssl.SSLCertVerificationError as error:
            found = error.verify_message
    assert found is None if fault is None else fault in found
