"""Names: found, found several times, by MX, missing, broken, and never answered."""

import pytest

from program import check, codes, daemon
from servers import dnsmasq, holding, names
from waiting import eventually


@pytest.fixture
def named(configuration, dns, exim):
    """Adds a greeting check of Exim under a host name."""
    configuration.agent["dns_servers"] = [dns.address]

    def add(host, *checks, **settings):
        return configuration.target(exim, "mx", *(checks or ["greeting"]), host=host, **settings)

    return add


def test_a_name_is_found_and_is_what_the_certificate_is_verified_for(named, configuration, exim):
    named(dnsmasq.ONE_ADDRESS, "tls")
    assert check(configuration).run["reason"] == "ok"


def test_a_name_the_certificate_lacks_is_a_mismatch(named, configuration):
    named(dnsmasq.SEVERAL_ADDRESSES, "tls")
    assert check(configuration).run["reason"] == "certificate_name_mismatch"


def test_a_name_with_several_addresses_is_reached(named, configuration):
    named(dnsmasq.SEVERAL_ADDRESSES)
    assert check(configuration).run["passed"]


def test_a_name_is_reached_though_one_of_its_addresses_is_down(named, configuration):
    named(dnsmasq.PARTLY_DOWN)
    # dnsmasq turns the order of its answers with each query: each address comes first once.
    for _ in range(2):
        assert check(configuration).run["passed"]


def test_an_address_that_is_down_shows_where_each_is_asked(named, configuration):
    named(dnsmasq.PARTLY_DOWN, address="each")
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "connect", "connection_refused")


def test_each_address_passes_where_all_are_up(named, configuration):
    named(dnsmasq.SEVERAL_ADDRESSES, address="each")
    assert check(configuration).run["passed"]


def test_a_domain_is_reached_through_its_mx(named, configuration):
    named(None, "tls", mx=dnsmasq.MX_DOMAIN)
    run = check(configuration).run
    assert (run["passed"], run["reason"]) == (True, "ok")


def test_a_name_that_does_not_exist(named, configuration):
    named(dnsmasq.NO_SUCH_NAME)
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "resolve", "dns_not_found")
    assert "connect" not in codes(run)


def test_a_domain_is_reached_though_its_first_mx_is_down(named, configuration):
    named(None, "tls", mx=dnsmasq.MX_WITH_SPARE)
    run = check(configuration).run
    # The certificate is for the second one, and verified for it.
    assert (run["passed"], run["reason"]) == (True, "ok")


def test_a_name_without_address(named, configuration):
    named(dnsmasq.NO_ADDRESS)
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "resolve", "dns_not_found")


def test_a_name_without_address_of_the_wanted_family(named, configuration):
    named(dnsmasq.ONE_ADDRESS, ip="6")
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "resolve", "dns_not_found")


def test_a_name_of_the_wanted_family_is_reached(named, configuration):
    named(dnsmasq.ONE_ADDRESS, ip="4")
    assert check(configuration).run["passed"]


@pytest.mark.parametrize("hosts", [[dnsmasq.ONE_ADDRESS], ["elsewhere.example.test"]])
def test_a_secret_goes_to_no_exchanger_beyond_its_hosts(named, configuration, exim, hosts):
    configuration.credential(hosts=hosts)
    port = exim.ports["submission"]
    named(None, "login", mx=dnsmasq.MX_DOMAIN, port=port, credentials="probe")
    run = check(configuration).run
    allowed = hosts == [dnsmasq.ONE_ADDRESS]
    assert (run["passed"], "auth" in codes(run)) == (allowed, allowed), run


def test_a_domain_without_mx_or_address(named, configuration):
    named(None, mx=dnsmasq.NO_SUCH_NAME)
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "resolve", "dns_not_found")


def test_a_name_whose_server_fails(named, configuration):
    named(dnsmasq.BROKEN)
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "resolve", "dns_failure")


def test_a_name_that_nobody_answers_for(named, configuration):
    configuration.agent["timeout"] = "1s"
    named(dnsmasq.MUTE)
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "resolve", "dns_failure")


def test_a_mute_dns_server(named, configuration, dns):
    configuration.agent.update(dns_servers=[dns.mute], timeout="1s")
    named(dnsmasq.ONE_ADDRESS)
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "resolve", "dns_failure")


def test_the_second_dns_server_is_asked_when_the_first_is_mute(named, configuration, dns):
    configuration.agent.update(dns_servers=[dns.mute, dns.address], timeout="20s")
    named(dnsmasq.ONE_ADDRESS)
    assert check(configuration).run["passed"]


@pytest.mark.parametrize("health", ["mute", "servfail", "refused", "down"])
def test_without_dns_names_fail_addresses_do_not_and_both_pass_when_it_is_back(
    configuration, tmp_path, health
):
    with names.run() as dns, holding.run("NOTHING") as smtp:
        configuration.every("1s")
        configuration.agent["dns_servers"] = [dns.address]
        for name, host in (("named", "mail.example.test"), ("numbered", "127.0.0.1")):
            configuration.raw_target(
                {"name": name, "host": host, "port": smtp.port, "tls": "none",
                 "checks": ["greeting"]}
            )  # fmt: skip
        with daemon(configuration, tmp_path / "log") as running:

            def passes(target):
                return running.value("smtp_check_success", target=target) == 1

            eventually(lambda: passes("named") and passes("numbered"))
            dns.health = health
            fails = {"target": "named", "phase": "resolve", "reason": "dns_failure"}
            eventually(lambda: running.value("smtp_check_result_info", **fails) == 1)
            # Whoever needs no name is asked as often as before, and passes each time.
            failures = "smtp_check_failures_total"
            runs = running.value("smtp_check_runs_total", target="numbered")
            eventually(lambda: running.value("smtp_check_runs_total", target="numbered") > runs + 3)
            assert sum(value for _, value in running.samples(failures, target="numbered")) == 0
            dns.health = "up"
            eventually(lambda: passes("named"), what=lambda: running.log[-2000:])
