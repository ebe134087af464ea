"""The alerts that come with the program, by promtool and amtool: config/prometheus/, docs/alerts.md."""

import itertools
import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
FILES = PROJECT / "config" / "prometheus"

RULES = [
    rule
    for group in yaml.safe_load((FILES / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
NAMES = [rule["alert"] for rule in RULES]
TESTS = yaml.safe_load((FILES / "alerts_test.yml").read_text())["tests"]
ALERTMANAGER = yaml.safe_load((FILES / "alertmanager.yml").read_text())
RECEIVERS = {"critical": "pager", "warning": "chat", "info": "tickets"}
# What they say about the exporter itself cannot lie on a page of a target.
OF_THE_EXPORTER = [name for name in NAMES if name.startswith("SmtpExporter")]


@pytest.fixture(scope="module")
def tool(sandbox):
    """Runs promtool or amtool in a copy of config/prometheus: (status, output)."""
    folder = sandbox.folder("alerts")
    shutil.copytree(FILES, folder, dirs_exist_ok=True)
    here = sandbox.inside(folder)

    def run(name, *arguments):
        words = [re.sub(r"(^|=)(\w+\.yml)$", rf"\1{here}/\2", word) for word in arguments]
        done = sandbox.run(f"/usr/bin/{name}", *words)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("file", ["alerts.yml", "recording.yml"])
def test_the_rules_are_without_fault(tool, file):
    status, output = tool("promtool", "check", "rules", "--lint=all", "--lint-fatal", file)
    assert status == 0, output


@pytest.mark.parametrize("file", ["alerts_test.yml", "recording_test.yml"])
def test_the_rules_do_what_their_own_tests_say(tool, file):
    status, output = tool("promtool", "test", "rules", file)
    assert status == 0, output


def test_the_prometheus_configuration_is_without_fault(tool):
    status, output = tool(
        "promtool", "check", "config", "--lint=all", "--lint-fatal", "prometheus.yml"
    )
    assert status == 0, output


def test_the_alertmanager_configuration_is_without_fault(tool):
    status, output = tool("amtool", "check-config", "alertmanager.yml")
    assert status == 0, output


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_an_alert_is_routed_by_its_severity(tool, rule):
    severity = rule["labels"]["severity"]
    wanted = f"--verify.receivers={RECEIVERS[severity]}"
    labels = [f"alertname={rule['alert']}", f"severity={severity}", "job=smtp", "target=mail"]
    status, output = tool(
        "amtool", "config", "routes", "test", "--config.file=alertmanager.yml", wanted, *labels
    )
    assert status == 0, output


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_an_alert_tells_what_somebody_woken_at_night_needs(rule):
    assert re.fullmatch(r"Smtp[A-Za-z0-9]+", rule["alert"])
    told = rule["annotations"]
    assert told["summary"] and told["description"]
    assert told["runbook_url"].startswith(("http://{{ $labels.instance }}", "{{ $externalURL }}/"))
    if rule["alert"] not in OF_THE_EXPORTER:
        assert re.search(r"/(reasons|checks)/", told["runbook_url"])


def moments(name):
    """The (seconds, whether it fires) of an alert, for each test that asks for it."""
    for test in TESTS:
        asked = [case for case in test["alert_rule_test"] if case["alertname"] == name]
        yield [(seconds(case["eval_time"]), bool(case["exp_alerts"])) for case in asked]


def seconds(time):
    return int(time[:-1]) * {"m": 60, "h": 3600}[time[-1]]


@pytest.mark.parametrize("name", NAMES)
def test_an_alert_is_tested_to_stay_silent_to_fire_and_to_resolve(name):
    stories = [
        [fires for fires, _ in itertools.groupby(fires for _, fires in sorted(asked))]
        for asked in moments(name)
    ]
    assert [False, True, False] in stories, stories


def matchers(rule, side):
    """The matchers of one side of an inhibition as [(label, operator, value)]."""
    pattern = r'(\w+)(!=|=~|!~|=)"(.*)"'
    return [re.fullmatch(pattern, text).groups() for text in rule[f"{side}_matchers"]]


@pytest.mark.parametrize("rule", ALERTMANAGER["inhibit_rules"], ids=str)
def test_an_inhibition_names_alerts_that_exist_and_not_itself(rule):
    def named(side):
        chosen = set(NAMES)
        for label, operator, value in matchers(rule, side):
            if label == "alertname":
                fits = {name for name in NAMES if re.fullmatch(value, name)}
                chosen &= fits if operator in ("=", "=~") else set(NAMES) - fits
                # Each branch of an alternative is an alert, or several.
                for branch in value.split("|") if "(" not in value else []:
                    assert any(re.fullmatch(branch, name) for name in NAMES), branch
        return chosen

    assert named("source") and named("target")
    assert not named("source") & named("target")


def test_the_document_and_the_rules_say_the_same():
    """docs/alerts.md: a row for each alert, in the same order, with its severity and its `for`."""
    text = (PROJECT / "docs" / "alerts.md").read_text()
    rows = re.findall(r"^\| `(Smtp\w+)` \| (\w+) \| (.*?) \| (.*?) \| (.*?) \|$", text, re.M)
    assert [(name, severity) for name, severity, *_ in rows] == [
        (rule["alert"], rule["labels"]["severity"]) for rule in RULES
    ]
    for rule, (name, _, _, fires, _) in zip(RULES, rows):
        lasting = re.search(r"for (\d+) min\b", fires)
        assert (f"{lasting[1]}m" if lasting else None) == rule.get("for"), name
        runs = re.search(r"smtp_check_consecutive_failures >= (\d)", rule["expr"])
        told = re.search(r"(\d) runs in a row", fires)
        assert (told and told[1]) == (runs and runs[1]), name


def test_the_document_names_no_alert_that_does_not_exist():
    text = (PROJECT / "docs" / "alerts.md").read_text()
    assert set(re.findall(r"\bSmtp[A-Z]\w+", text)) == set(NAMES)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_an_alert_asks_for_metrics_that_exist(rule):
    known = (PROJECT / "docs" / "metrics.md").read_text()
    told = rule["expr"] + " ".join(rule["annotations"].values())
    for metric in re.findall(r"(?<![:\w])smtp_(?:check|tls|ehlo|reply_exporter)_\w+", told):
        family = re.sub(r"_(bucket|count)$", "", metric)
        assert f"### `{metric}`" in known or f"### `{family}`" in known, metric


def panels():
    """{dashboard file/panel title: its expressions, without the dashboard's own selectors}"""
    found = {}
    for path in sorted((PROJECT / "grafana" / "dashboards").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            asked = [target["expr"] for target in panel.get("targets", [])]
            plain = [re.sub(r'(, )?\w+=~"\$\w+"(, )?', "", one).replace("{}", "") for one in asked]
            found[f"{path.name}/{panel['title']}"] = plain
    return found


def test_a_check_is_stale_by_one_rule_everywhere():
    [rule] = [rule for rule in RULES if rule["alert"] == "SmtpCheckStale"]
    stale = " ".join(rule["expr"].split())
    [panel] = panels()["agent.json/Stale checks"]
    assert f"count({stale})" in panel
    assert stale in " ".join((PROJECT / "docs" / "metrics.md").read_text().split())


def test_a_login_is_what_expects_2xx_from_auth_everywhere():
    texts = {name: " ".join(asked) for name, asked in panels().items()}
    texts |= {path.name: path.read_text() for path in [*FILES.glob("*.yml"), PROJECT / "README.md"]}
    texts |= {path.name: path.read_text() for path in (PROJECT / "docs").glob("*.md")}
    pattern = r'smtp_check_expected_reply_code\{phase="auth"\}\)? *([<>=!]=? *\d+)'
    compared = {name: set(re.findall(pattern, text)) for name, text in texts.items()}
    asking = {name: found for name, found in compared.items() if found}
    assert {"overview.json/Login success", "target.json/Reply to AUTH", "alerts.yml"} <= set(asking)
    assert set().union(*asking.values()) == {"< 300"}, asking
