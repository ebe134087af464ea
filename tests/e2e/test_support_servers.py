"""The DNS server and Prometheus themselves: a fault here is a fixture's, not the program's."""

import pytest

from servers import dnsmasq, prometheus
from waiting import eventually


def test_names_resolve_or_fail_each_in_its_way(dns):
    assert dnsmasq.query(dns.address, dnsmasq.ONE_ADDRESS) == (0, 1)
    assert dnsmasq.query(dns.address, dnsmasq.SEVERAL_ADDRESSES) == (0, 3)
    assert dnsmasq.query(dns.address, dnsmasq.PARTLY_DOWN) == (0, 2)
    assert dnsmasq.query(dns.address, dnsmasq.MX_DOMAIN, kind=15) == (0, 1)
    assert dnsmasq.query(dns.address, dnsmasq.MX_WITH_SPARE, kind=15) == (0, 2)
    assert dnsmasq.query(dns.address, dnsmasq.NO_ADDRESS) == (0, 0)
    assert dnsmasq.query(dns.address, dnsmasq.NO_SUCH_NAME) == (3, 0)
    assert dnsmasq.query(dns.address, dnsmasq.BROKEN) == (2, 0)


def test_a_mute_server_says_nothing(dns):
    with pytest.raises(TimeoutError):
        dnsmasq.query(dns.mute, dnsmasq.ONE_ADDRESS, timeout=0.2)
    with pytest.raises(TimeoutError):
        dnsmasq.query(dns.address, dnsmasq.MUTE, timeout=0.2)


def test_prometheus_scrapes_a_port_and_promtool_finds_faults(sandbox):
    with prometheus.run(sandbox, scraped_port=1, name="prometheus-self-test") as running:
        # Nothing listens on port 1, and Prometheus tells.
        assert eventually(lambda: running.query(f'up{{job="{prometheus.JOB}"}}'))[0][1] == 0
    assert prometheus.check_metrics(sandbox, "# HELP a A.\n# TYPE a gauge\na 1\n") == ""
    assert prometheus.check_metrics(sandbox, "a_total{ 1\n") != ""
