"""compose.yaml and what it mounts. No engine runs here: what it refers to has to exist and to agree."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

import fetch
from servers.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]

# The keys of the Compose specification that are in use; a mistyped one would only be told by an engine.
SERVICE_KEYS = {
    "build", "cap_drop", "command", "depends_on", "environment", "image", "ports", "read_only",
    "restart", "secrets", "security_opt", "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip
TOP_KEYS = {"name", "secrets", "services", "volumes"}


def load(name):
    return yaml.safe_load((ROOT / name).read_text())


@pytest.fixture
def compose():
    return load("compose.yaml")


@pytest.fixture
def serve():
    return load("compose/serve.yaml")


@pytest.fixture(scope="module")
def sandbox():
    fetch.main()
    return Sandbox()


def mounts(service):
    """[(source, target, read-only)]"""
    fields = [volume.split(":") for volume in service.get("volumes", [])]
    return [(field[0], field[1], field[2:] == ["ro"]) for field in fields]


def mounted(compose, service, target):
    """The file or folder of the project that a container sees at `target`."""
    found = [source for source, at, _ in mounts(compose["services"][service]) if at == target]
    assert len(found) == 1, f"{service} has {found} at {target}"
    return ROOT / found[0]


@pytest.mark.parametrize("name", ["compose.yaml", "compose/serve.yaml"])
def test_only_known_keys_are_used(name):
    file = load(name)
    assert set(file) <= TOP_KEYS
    for service in file["services"].values():
        assert set(service) <= SERVICE_KEYS


def test_what_is_mounted_exists_and_cannot_be_written_to(compose):
    for name, service in compose["services"].items():
        for source, target, read_only in mounts(service):
            assert target.startswith("/"), target
            if source.startswith("./"):
                assert (ROOT / source).exists(), f"{name}: {source} is missing"
                assert read_only, f"{name}: {source} should be :ro"
            else:
                assert source in compose["volumes"], f"{name}: no volume {source}"


def test_no_port_is_open_to_the_network(compose):
    published = {
        name: service["ports"]
        for name, service in compose["services"].items()
        if "ports" in service
    }
    assert published == {
        "agent": ["127.0.0.1:10235:10235"],
        "prometheus": ["127.0.0.1:9090:9090"],
        "alertmanager": ["127.0.0.1:9093:9093"],
        "grafana": ["127.0.0.1:3000:3000"],
    }


def test_images_carry_a_version_and_no_registry(compose):
    for name, service in compose["services"].items():
        if "build" not in service:
            assert re.fullmatch(r"[\w-]+/[\w-]+:\$\{\w+:-v?\d+\.\d+\.\d+\}", service["image"]), name


def test_what_is_waited_for_is_there_and_tells_its_health(image, compose):
    for service in compose["services"].values():
        assert set(service.get("depends_on", [])) <= set(compose["services"])
    assert (
        compose["services"]["prometheus"]["depends_on"]["agent"]["condition"] == "service_healthy"
    )
    assert image.config["Healthcheck"]


def test_the_agent_gets_no_more_than_the_image_needs(image, compose):
    agent = compose["services"]["agent"]
    assert agent["read_only"] and agent["cap_drop"] == ["ALL"]
    assert agent["security_opt"] == ["no-new-privileges:true"]
    assert [target for _, target, _ in mounts(agent)] == list(image.config["Volumes"])


def test_prometheus_finds_its_rules_its_agent_and_its_alertmanager(compose, sandbox):
    folder = sandbox.folder("compose")
    for source, target, _ in mounts(compose["services"]["prometheus"]):
        if source.startswith("./"):
            assert Path(target).parent == Path("/etc/prometheus")
            shutil.copy(ROOT / source, folder / Path(target).name)
    checked = sandbox.run(
        "/usr/bin/promtool", "check", "config", sandbox.inside(folder / "prometheus.yml")
    )
    assert checked.returncode == 0, checked
    assert "SUCCESS: 2 rule files found" in checked.stdout
    config = yaml.safe_load((folder / "prometheus.yml").read_text())
    scraped = config["scrape_configs"][0]["static_configs"][0]
    told = config["alerting"]["alertmanagers"][0]["static_configs"][0]
    for address, service in (
        (scraped["targets"][0], "agent"),
        (told["targets"][0], "alertmanager"),
    ):
        host, port = address.split(":")
        assert host == service
        assert compose["services"][service]["ports"][0].endswith(f":{port}")
    # Links in alerts and dashboards go to what is published on this machine.
    assert compose["services"]["agent"]["ports"][0].startswith(scraped["labels"]["instance"] + ":")


def test_compose_prometheus_differs_from_the_other_in_names_only(compose):
    theirs = load("config/prometheus/prometheus.yml")
    ours = yaml.safe_load(
        mounted(compose, "prometheus", "/etc/prometheus/prometheus.yml").read_text()
    )
    text = json.dumps(ours).replace("agent:10235", "127.0.0.1:10235")
    same = json.loads(text.replace("alertmanager:9093", "127.0.0.1:9093"))
    del same["scrape_configs"][0]["static_configs"][0]["labels"]
    assert same == theirs


def test_grafana_finds_its_data_source_and_its_dashboards(compose):
    path = "/etc/grafana/provisioning/datasources/prometheus.yml"
    ours = yaml.safe_load(mounted(compose, "grafana", path).read_text())
    theirs = load("grafana/provisioning/datasources/prometheus.yml")
    assert ours["datasources"][0].pop("url") == "http://prometheus:9090"
    del theirs["datasources"][0]["url"]
    assert ours == theirs
    providers = mounted(compose, "grafana", "/etc/grafana/provisioning/dashboards")
    (provider,) = [yaml.safe_load(file.read_text()) for file in providers.glob("*.yml")]
    dashboards = mounted(compose, "grafana", provider["providers"][0]["options"]["path"])
    assert list(dashboards.glob("*.json"))


def test_your_own_configuration_takes_the_place_of_the_demo(compose, serve):
    agent = serve["services"]["agent"]
    assert set(serve["services"]) <= set(compose["services"])
    for source, _, read_only in mounts(agent):
        assert (ROOT / source).exists() and read_only
    assert set(agent["secrets"]) == set(serve["secrets"])
    # A secret's place in the container is a matter of the specification.
    config = (ROOT / "compose" / "config.toml").read_text()
    named = re.findall(r'^password_file = "(.*)"', config, re.MULTILINE)
    assert named == [f"/run/secrets/{name}" for name in agent["secrets"]]
    # Nobody commits it.
    assert (ROOT / serve["secrets"]["corp-password"]["file"]).name in (
        ROOT / ".gitignore"
    ).read_text()
