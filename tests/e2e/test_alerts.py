"""The alerts that come with the program, by promtool: config/prometheus/."""

import shutil
from pathlib import Path

import pytest

RULES = Path(__file__).parents[2] / "config" / "prometheus"


@pytest.fixture
def promtool(sandbox):
    folder = sandbox.folder("alerts")
    shutil.copytree(RULES, folder, dirs_exist_ok=True)

    def run(*arguments, file):
        done = sandbox.run("/usr/bin/promtool", *arguments, f"{sandbox.inside(folder)}/{file}")
        return done.returncode, done.stdout + done.stderr

    return run


def test_the_rules_are_without_fault(promtool):
    status, output = promtool("check", "rules", "--lint=all", "--lint-fatal", file="alerts.yml")
    assert status == 0, output


def test_the_alerts_fire_when_they_should_and_not_else(promtool):
    status, output = promtool("test", "rules", file="alerts_test.yml")
    assert status == 0, output
