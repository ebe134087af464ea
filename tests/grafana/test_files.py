"""What belongs to the dashboards: their variants, the provisioning, the lock file."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).resolve().parent
GRAFANA = HERE.parents[1] / "grafana"
ORIGINALS = {path.name: json.loads(path.read_text()) for path in GRAFANA.glob("dashboards/*.json")}


def variant(*arguments):
    command = [sys.executable, GRAFANA / "variant.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture
def write(tmp_path):
    """Writes the variants and reads them: {file name: dashboard}."""

    def written(*flags):
        done = variant(*flags, tmp_path / "out")
        assert done.returncode == 0, done.stderr
        return {path.name: json.loads(path.read_text()) for path in tmp_path.glob("out/*.json")}

    return written


def strings(value):
    """All texts within a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


def data_sources(value):
    """All references to data sources within a JSON value."""
    if isinstance(value, list):
        return [found for item in value for found in data_sources(item)]
    if not isinstance(value, dict):
        return []
    own = [value["datasource"]] if "datasource" in value else []
    return own + [found for item in value.values() for found in data_sources(item)]


def test_there_are_three_dashboards():
    assert sorted(ORIGINALS) == ["agent.json", "overview.json", "target.json"]


def test_shared_dashboards_ask_for_their_data_source(write):
    shared = write("--share")
    assert shared.keys() == ORIGINALS.keys()
    for dashboard in shared.values():
        assert [one["name"] for one in dashboard["__inputs"]] == ["DS_PROMETHEUS"]
        assert {one["uid"] for one in data_sources(dashboard)} == {"${DS_PROMETHEUS}"}
        assert not any("${datasource}" in text for text in strings(dashboard))
        assert all(one["type"] != "datasource" for one in dashboard["templating"]["list"])


def test_shared_dashboards_name_every_plugin_they_need(write):
    for dashboard in write("--share").values():
        required = {one["id"] for one in dashboard["__requires"] if one["type"] == "panel"}
        assert required == {panel["type"] for panel in dashboard["panels"]} - {"row"}


def test_shared_dashboards_are_otherwise_the_same(write):
    for name, dashboard in write("--share").items():
        original = ORIGINALS[name]
        assert dashboard["uid"] == original["uid"]
        expressions = [
            [target["expr"] for panel in one["panels"] for target in panel.get("targets", [])]
            for one in (dashboard, original)
        ]
        assert expressions[0] == expressions[1]


def test_links_lead_to_the_address_that_was_given(write):
    def links(dashboards):
        texts = strings(list(dashboards.values()))
        return [text for text in texts if re.search(r"/(checks|reasons|codes)/", text)]

    changed = links(write("--agent-url=https://smtp.example.com/agent/"))
    assert len(changed) == len(links(ORIGINALS)) > 0
    # A sentence may name a page; a link begins with the address.
    assert all(text.startswith("https://smtp.example.com/agent/") for text in changed)


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (["out"], "say --share, --agent-url or both"),
        (["--agent-url=smtp.example.com", "out"], "does not begin with http"),
        (["--share", GRAFANA / "dashboards"], "FOLDER is the one with the originals"),
    ],
)
def test_a_mistake_is_told(arguments, complaint):
    done = variant(*arguments)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_the_provisioned_data_source_is_a_prometheus():
    [source] = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())[
        "datasources"
    ]
    assert source["type"] == "prometheus"


def test_the_readme_says_where_the_provider_looks():
    file = GRAFANA / "provisioning/dashboards/smtp_reply_exporter.yml"
    [provider] = yaml.safe_load(file.read_text())["providers"]
    assert provider["options"]["path"] in (GRAFANA / "README.md").read_text()


def test_the_lock_file_pins_everything_and_names_no_other_registry():
    packages = json.loads((HERE / "package-lock.json").read_text())["packages"]
    installed = {path: one for path, one in packages.items() if path}
    assert all(one.get("integrity") for one in installed.values())
    for one in installed.values():
        assert one.get("resolved", "https://registry.npmjs.org/").startswith(
            "https://registry.npmjs.org/"
        )


def test_every_dependency_is_pinned_to_one_version():
    package = json.loads((HERE / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
