"""What the program knows, asked from the command line: languages, formats, mistakes."""

import json
import os
import subprocess

import pytest

from program import binary, call


def asked(*arguments, **environment):
    """Standard output of a call in a locale of its own."""
    done = subprocess.run(
        [binary(), *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("language", "locale", "heading"),
    [
        ("en", "C", "What to do first"),
        ("fr", "fr_FR.UTF-8", "Par où commencer"),
        ("tr", "tr_TR.UTF-8", "Önce ne yapmalı"),
    ],
)
def test_every_language_is_spoken_by_flag_and_by_locale(language, locale, heading):
    by_flag = asked("compare", "235", "530", f"--lang={language}", LC_ALL="C")
    assert f"\n{heading}\n" in by_flag
    assert asked("compare", "235", "530", LC_ALL=locale) == by_flag


def test_json_says_the_same_in_every_language_but_for_the_texts():
    def shape(value):
        if isinstance(value, dict):
            return {key: shape(inner) for key, inner in value.items()}
        return [shape(inner) for inner in value] if isinstance(value, list) else type(value)

    every = [json.loads(call("codes", "--format=json", f"--lang={x}").stdout) for x in ("en", "fr")]
    assert shape(every[0]) == shape(every[1])
    code = next(code for code in every[0]["codes"] if code["key"] == "535")
    assert code["enhanced_codes"] and "auth_credentials_invalid" in code["reasons"]


def test_what_the_lists_name_can_be_explained():
    slugs = [one["key"] for one in json.loads(call("reasons", "--format=json").stdout)["reasons"]]
    assert "auth_credentials_invalid" in slugs
    for slug in slugs[:: max(1, len(slugs) // 10)]:
        assert json.loads(call("explain", slug, "--format=json").stdout)["key"] == slug


def test_a_folder_of_ones_own_stands_in(tmp_path):
    (tmp_path / "rules").mkdir()
    rules = tmp_path / "rules" / "00-local.tsv"
    rules.write_text("our-gateway\tquota_exceeded\t-\tcarrier pigeon\n")
    outcome = call("explain", "552 no carrier pigeon left", f"--knowledge.dir={tmp_path}")
    assert "our-gateway" in outcome.stdout
    rules.write_text("our-gateway\tquota\t-\tcarrier pigeon\n")
    outcome = call("codes", f"--knowledge.dir={tmp_path}")
    assert (outcome.status, outcome.stdout) == (2, "")
    assert outcome.stderr == f'{rules}:1: there is no reason "quota"; see reasons.tsv\n'


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("explain", "536"), "The nearest known one is 535"),
        (("explain", "auth_requird"), "did you mean auth_required?"),
        (("compare", "235", "999"), "999 is no SMTP reply code"),
        (("compare", "235", "235"), "235 is not compared with itself"),
        (("reasons", "--lang=xx"), '"xx" is none of en|fr|tr'),
    ],
)
def test_a_mistake_is_told_with_what_would_be_right(arguments, message):
    outcome = call(*arguments)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert message in outcome.stderr
