"""GET /probe sends a secret to the targets of the module and to nobody else, however one is named."""

import base64
import urllib.parse

import pytest

from configuration import Configuration
from program import call, daemon
from servers import dnsmasq, mail, recorder

LISTED = dnsmasq.ONE_ADDRESS
# A name that begins like an address; it leads to the same server as all others.
NUMBERS = dnsmasq.LIKE_AN_ADDRESS


@pytest.fixture(scope="module")
def server():
    with recorder.run() as started:
        yield started


@pytest.fixture
def listening(server):
    """A server of this machine: all names and addresses lead to it, one of them may be asked."""
    server.heard.clear()
    return server


@pytest.fixture(scope="module")
def careful(server, certificates, dns, tmp_path_factory):
    """Modules that send the secret in clear, and at once: one for LISTED, one for a pattern."""
    folder = tmp_path_factory.mktemp("careful")
    configuration = Configuration(folder, certificates)
    configuration.agent["dns_servers"] = [dns.address]
    configuration.credential(hosts=[LISTED, "*.example.test", "127.0.0.*"], mechanism="PLAIN")
    login = {"kind": "login", "tls": "none", "credentials": "probe", "allow_cleartext_login": True}
    configuration.module("listed", f"{LISTED}:{server.port}", **login)
    configuration.module("pattern", f"*.example.test:{server.port}", **login)
    configuration.module("addresses", f"127.0.0.*:{server.port}", **login)
    with daemon(configuration, folder / "daemon.log", "--log.level=debug") as running:
        yield running


def ask(running, target, module="listed", more=""):
    query = f"target={urllib.parse.quote(target, safe='')}&module={module}"
    return running.request(f"/probe?{query}{more}")


def sent(server):
    return [line for said in server.heard for line in said]


def test_the_listed_target_gets_the_secret_in_whatever_case_it_is_named(careful, listening):
    for host in (LISTED, LISTED.upper(), LISTED.title()):
        status, body = ask(careful, f"{host}:{listening.port}")
        assert status == 200 and "\nprobe_success 1\n" in body, body
    plain = base64.b64encode(f"\0{mail.USER}\0{mail.PASSWORD}".encode()).decode()
    assert [line.strip() for line in sent(listening)].count(f"AUTH PLAIN {plain}") == 3


@pytest.mark.parametrize("module", ["listed", "pattern"])
@pytest.mark.parametrize("target", [
    # Other names and addresses of the very same server.
    "127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}", "[::ffff:127.0.0.1]:{port}",
    "127.1:{port}", "2130706433:{port}", "0x7f000001:{port}", "0:{port}",
    "[fe80::1%lo]:{port}", "[::1%25lo]:{port}", "[mail.example.test]:{port}x",
    # The listed host with something before, behind or in it.
    "mail.example.test.:{port}", ".mail.example.test:{port}", "mail..example.test:{port}",
    "user@mail.example.test:{port}", "user:secret@mail.example.test:{port}",
    "mail.example.test:{port}@127.0.0.1:{port}", "127.0.0.1:{port}@mail.example.test:{port}",
    "127.0.0.1:{port}/mail.example.test:{port}", "127.0.0.1:{port}#mail.example.test:{port}",
    "127.0.0.1:{port}?mail.example.test:{port}", "127.0.0.1:{port}\\.example.test:{port}",
    "127.0.0.1:{port},mail.example.test:{port}", "127.0.0.1 mail.example.test:{port}",
    "smtp://mail.example.test:{port}", "mail.example.test:{port}/", "mail.example.test:{port} ",
    " mail.example.test:{port}", "127.0.0.1#.example.test:{port}", "127.0.0.1/.example.test:{port}",
    "*.example.test:{port}", "-.example.test:{port}", "..example.test:{port}",
    # Escapes within the value, line ends, NUL, and letters that look alike.
    "127.0.0.1%00.example.test:{port}", "mail%2eexample%2etest:{port}",
    "127.0.0.1\0.example.test:{port}", "127.0.0.1\r\n.example.test:{port}",
    "mail.example.test:{port}\r\nRCPT TO:<a@b.test>", "127.0.0.1\t.example.test:{port}",
    "mail\u3002example.test:{port}", "ma\u0131l.example.test:{port}", "\uff4dail.example.test:{port}",
    # Ports.
    "mail.example.test:{port}:{port}", "mail.example.test:+{port}", "mail.example.test:0",
    "mail.example.test:0{port}1", "mail.example.test:99999999999999999999", "mail.example.test:",
    "mail.example.test:-1", "mail.example.test:1", "mail.example.test", "",
    "a" * 300 + ".example.test:{port}", "a" * 5000 + ":{port}",
])  # fmt: skip
def test_a_target_that_is_not_listed_hears_nothing(careful, listening, module, target):
    status, body = ask(careful, target.format(port=listening.port), module)
    assert status == 400, body
    assert len(body) < 1000
    assert all(
        " " <= letter or letter in "\t\n" for letter in body
    ), "a control character as it was sent"
    assert listening.heard == []


def test_the_first_of_two_targets_counts_wherever_it_is_looked_at(careful, listening):
    listed, other = f"{LISTED}:{listening.port}", f"127.0.0.1:{listening.port}"
    assert ask(careful, other, more=f"&target={listed}")[0] == 400
    assert ask(careful, other, more=f"&module=pattern&target={listed}")[0] == 400
    assert listening.heard == []
    status, body = ask(careful, listed, more=f"&target={other}", module="listed")
    assert status == 200 and f'host="{LISTED}"' in body


def test_a_pattern_of_addresses_is_none_of_names(careful, listening):
    status, body = ask(careful, f"{NUMBERS}:{listening.port}", "addresses")
    assert status == 400, body
    assert listening.heard == []
    assert ask(careful, f"127.0.0.1:{listening.port}", "addresses")[0] == 200
    assert len(listening.heard) == 1


def test_a_broken_escape_in_the_address_is_no_other_target(careful, listening):
    for query in ("%", "%4", "%zz", "mail.example.test%3", "%00", "mail.example.test%0d%0a:25"):
        status, _ = careful.request(f"/probe?module=listed&target={query}")
        assert status == 400, query
    assert listening.heard == []


def test_neither_answer_nor_log_shows_the_secret(careful, listening):
    text = ask(careful, f"{LISTED}:{listening.port}", more="&debug=true")[1]
    assert "> AUTH PLAIN <secret>" in text
    plain = base64.b64encode(f"\0{mail.USER}\0{mail.PASSWORD}".encode()).decode()
    assert plain not in text + careful.log and mail.PASSWORD not in text + careful.log


FAULTS = {
    "no targets": ({"targets": None}, "targets"),
    "an empty list of targets": ({"targets": []}, "targets"),
    "all targets": ({"targets": ["*:587"]}, "credentials"),
    "a pattern wider than the hosts of its credentials": (
        {"targets": ["*.test:587"]},
        "credentials",
    ),
    "a secret in clear": ({"tls": "none"}, "allow_cleartext_login"),
    "a secret perhaps in clear": ({"tls": "opportunistic"}, "allow_cleartext_login"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_module_that_could_give_a_secret_away_is_a_mistake(configuration, fault):
    settings, told = FAULTS[fault]
    login = {"kind": "login", "tls": "starttls", "credentials": "probe"}
    configuration.credential(hosts=["*.example.test"])
    configuration.module("careless", "mail.example.test:587", **{**login, **settings})
    outcome = call("serve", f"--config.file={configuration.write()}", "--config.check")
    assert outcome.status == 2, outcome
    assert "config.toml:" in outcome.stderr and told in outcome.stderr
