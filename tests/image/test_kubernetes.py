"""kubernetes/: every object by its schema, and what refers to something finds it."""

import copy
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
KUBERNETES = ROOT / "kubernetes"
SCHEMAS = Path(__file__).with_name("schemas")
NAMESPACE = "mail-monitoring"


def kustomize(folder):
    done = subprocess.run(
        [os.environ["SRE_KUBECTL"], "kustomize", str(folder)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def mistakes(objects):
    """What the schemas have against them."""
    done = subprocess.run(
        ["node", "validate.js"],
        cwd=SCHEMAS,
        input=json.dumps(objects),
        capture_output=True,
        text=True,
    )
    assert done.stderr == "", done.stderr
    return done.stdout.split("\n")[:-1] if done.returncode else []


@pytest.fixture(scope="module")
def objects():
    # Debian's kustomize is too old for folders among the resources, so it gets one after the other.
    top = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
    assert set(top) == {"apiVersion", "kind", "resources"}
    return [thing for folder in top["resources"] for thing in kustomize(KUBERNETES / folder)]


@pytest.fixture
def by_kind(objects):
    return {thing["kind"]: copy.deepcopy(thing) for thing in objects}


@pytest.fixture
def pod(by_kind):
    return by_kind["Deployment"]["spec"]["template"]["spec"]


@pytest.fixture
def agent(pod):
    assert len(pod["containers"]) == 1
    return pod["containers"][0]


def test_every_object_is_as_its_schema_says(objects):
    example = yaml.safe_load((KUBERNETES / "secret.example.yaml").read_text())
    assert mistakes([*objects, example]) == []


def broken(by_kind, kind, change):
    change(by_kind[kind])
    return mistakes([by_kind[kind]])


@pytest.mark.parametrize(
    "kind, change, told",
    [
        ("Namespace", lambda o: o.update(kind="Namspace"), "no such kind"),
        ("PersistentVolumeClaim", lambda o: o.update(apiVersion="v9"), "no API v9"),
        ("Service", lambda o: o["spec"]["ports"][0].update(port="http"), "must be integer"),
        ("Deployment", lambda o: o["spec"].pop("selector"), "selector"),
        ("Deployment", lambda o: o["spec"].update(replica=1), "replica"),
        ("Probe", lambda o: o["spec"].update(interval="soon"), "must match pattern"),
        ("ServiceMonitor", lambda o: o["spec"]["endpoints"][0].update(intervall="1s"), "intervall"),
        ("PrometheusRule", lambda o: o["spec"]["groups"][0]["rules"][0].pop("expr"), "expr"),
    ],
)
def test_the_schemas_find_mistakes(by_kind, kind, change, told):
    (one,) = broken(by_kind, kind, change)
    assert told in one


def test_all_live_in_one_namespace_and_carry_one_name(objects):
    for thing in objects:
        meta = thing["metadata"]
        if thing["kind"] == "Namespace":
            assert meta["name"] == NAMESPACE
        else:
            assert meta["namespace"] == NAMESPACE, thing["kind"]
            assert meta["labels"] == {"app.kubernetes.io/name": "smtp-reply-exporter"}


def test_the_base_needs_no_operator():
    assert all(
        "monitoring.coreos.com" not in o["apiVersion"] for o in kustomize(KUBERNETES / "base")
    )


def test_the_selectors_select(by_kind):
    labels = by_kind["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert by_kind["Deployment"]["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert by_kind["Service"]["spec"]["selector"].items() <= labels.items()
    wanted = by_kind["ServiceMonitor"]["spec"]["selector"]["matchLabels"]
    assert wanted.items() <= by_kind["Service"]["metadata"]["labels"].items()


def test_the_ports_meet(by_kind, agent, image):
    (port,) = agent["ports"]
    assert f"{port['containerPort']}/tcp" in image.config["ExposedPorts"]
    (served,) = by_kind["Service"]["spec"]["ports"]
    assert served["targetPort"] == port["name"]
    (endpoint,) = by_kind["ServiceMonitor"]["spec"]["endpoints"]
    assert endpoint["port"] == served["name"]
    for probe in ("livenessProbe", "readinessProbe"):
        assert agent[probe]["httpGet"]["port"] == port["name"]
    address = f"{by_kind['Service']['metadata']['name']}.{NAMESPACE}.svc:{served['port']}"
    assert by_kind["Probe"]["spec"]["prober"]["url"] == address


def test_the_agent_knows_the_paths_that_are_asked_for(by_kind, agent):
    routes = (ROOT / "agent" / "web" / "site.cc").read_text()
    asked = [agent[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")]
    asked.append(by_kind["Probe"]["spec"]["prober"]["path"])
    for path in asked:
        assert f'get("{path}"' in routes, path
    options = (ROOT / "agent" / "web" / "web_options.h").read_text()
    (endpoint,) = by_kind["ServiceMonitor"]["spec"]["endpoints"]
    assert f'telemetry_path = "{endpoint["path"]}"' in options


def test_the_pod_keeps_to_the_restricted_standard(by_kind, pod, agent, image):
    assert by_kind["Namespace"]["metadata"]["labels"] == {
        "pod-security.kubernetes.io/enforce": "restricted"
    }
    context = pod["securityContext"]
    assert context["runAsNonRoot"] and context["seccompProfile"] == {"type": "RuntimeDefault"}
    user = f"{context['runAsUser']}:{context['runAsGroup']}"
    assert user == image.config["User"] and context["fsGroup"] == context["runAsGroup"]
    assert agent["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is False
    assert agent["resources"]["requests"] and agent["resources"]["limits"]["memory"]


def test_what_the_pod_mounts_is_there(objects, by_kind, pod, agent, image):
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    places = {mount["name"]: mount["mountPath"] for mount in agent["volumeMounts"]}
    assert set(volumes) == set(places)
    config = by_kind["ConfigMap"]
    assert volumes["config"]["configMap"]["name"] == config["metadata"]["name"]
    # Where the agent looks for it without a flag.
    assert (places["config"], list(config["data"])) == ("/etc/smtp_reply_exporter", ["config.toml"])
    claim = by_kind["PersistentVolumeClaim"]["metadata"]["name"]
    assert volumes["state"]["persistentVolumeClaim"]["claimName"] == claim
    assert [places["state"]] == list(image.config["Volumes"])
    assert f'state_file = "{places["state"]}/' in config["data"]["config.toml"]


def test_the_secret_example_has_what_the_configuration_names(by_kind, pod, agent):
    example = yaml.safe_load((KUBERNETES / "secret.example.yaml").read_text())
    (secret,) = [volume["secret"] for volume in pod["volumes"] if "secret" in volume]
    assert secret["secretName"] == example["metadata"]["name"]
    assert example["metadata"]["namespace"] == NAMESPACE
    (place,) = [m["mountPath"] for m in agent["volumeMounts"] if m["name"] == "secrets"]
    config = by_kind["ConfigMap"]["data"]["config.toml"]
    named = re.findall(r'^password_file = "(.*)"', config, re.MULTILINE)
    assert named == [f"{place}/{key}" for key in example["stringData"]]


def test_the_agent_takes_the_configuration_and_the_probe_its_module(image, by_kind, tmp_path):
    config = by_kind["ConfigMap"]["data"]["config.toml"]
    folder = tmp_path / "config"
    folder.mkdir(0o755)
    (folder / "config.toml").write_text(config)
    secrets = tmp_path / "secrets"
    secrets.mkdir(0o755)
    (secrets / "corp-password").write_text("not a secret\n")
    files = {"/etc/smtp_reply_exporter": folder, "/run/secrets/smtp-reply-exporter": secrets}
    with image.run(tmp_path, "--config.check", files=files) as running:
        assert running.wait(10) == 0, running.log
        assert "no errors" in running.log
    spec = by_kind["Probe"]["spec"]
    assert f"[probe.module.{spec['module']}]" in config
    (pattern,) = re.findall(r'^targets = \["(.*)"\]', config, re.MULTILINE)
    for target in spec["targets"]["staticConfig"]["static"]:
        assert re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), target), target


def test_the_job_is_one_that_the_alerts_know(by_kind):
    label = by_kind["ServiceMonitor"]["spec"]["jobLabel"]
    job = by_kind["Service"]["metadata"]["labels"][label]
    alerts = (ROOT / "config" / "prometheus" / "alerts.yml").read_text()
    patterns = set(re.findall(r'up\{job=~"([^"]+)"\}', alerts))
    assert patterns
    for pattern in patterns:
        assert re.fullmatch(pattern, job), (pattern, job)


def test_the_rules_are_those_of_config_prometheus(objects):
    fresh = subprocess.run([KUBERNETES / "rules", "-"], capture_output=True, text=True, check=True)
    kept = (KUBERNETES / "operator" / "prometheusrule.yaml").read_text()
    assert kept == fresh.stdout, "run kubernetes/rules"
    specs = [o["spec"] for o in objects if o["kind"] == "PrometheusRule"]
    written = [ROOT / "config" / "prometheus" / name for name in ("alerts.yml", "recording.yml")]
    assert specs == [yaml.safe_load(file.read_text()) for file in written]
