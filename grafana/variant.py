#!/usr/bin/python3
"""Writes the dashboards anew for another use than file provisioning.

    variant.py --share FOLDER            for import by hand and for grafana.com: whoever imports
                                         them is asked for the data source
    variant.py --agent-url=URL FOLDER    links lead to URL in place of http://INSTANCE, for an agent
                                         whose pages are reached at another address than the one
                                         that Prometheus scrapes; both flags go together

FOLDER is made if it is not there.
"""

import argparse
import json
import sys
from pathlib import Path

DASHBOARDS = Path(__file__).resolve().parent / "dashboards"
# The oldest Grafana that knows this schema of dashboards.
OLDEST_GRAFANA = "10.4.0"
INPUT = "DS_PROMETHEUS"
PANELS = {
    "heatmap": "Heatmap",
    "stat": "Stat",
    "state-timeline": "State timeline",
    "table": "Table",
    "timeseries": "Time series",
}
# How data links begin that lead to a page of the agent.
AGENT = ("http://${__data.fields.instance}", "http://${__field.labels.instance}")


def main(arguments):
    options = parse(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(DASHBOARDS.glob("*.json")):
        text = path.read_text()
        if options.agent_url:
            text = with_agent_url(text, options.agent_url)
        dashboard = json.loads(text)
        if options.share:
            dashboard = shareable(dashboard)
        (options.folder / path.name).write_text(
            json.dumps(dashboard, indent=2, ensure_ascii=False) + "\n"
        )


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--share", action="store_true", help="for grafana.com")
    parser.add_argument("--agent-url", metavar="URL", help="where the agent's pages are")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to write them")
    options = parser.parse_args(arguments)
    if not (options.share or options.agent_url):
        parser.error("say --share, --agent-url or both")
    if options.agent_url and not options.agent_url.startswith(("http://", "https://")):
        parser.error(f"--agent-url: {options.agent_url} does not begin with http:// or https://")
    if options.folder.resolve() == DASHBOARDS:
        parser.error("FOLDER is the one with the originals")
    return options


def with_agent_url(text, url):
    # Within JSON, so that quotes and backslashes of the URL stay what they are.
    escaped = json.dumps(url.rstrip("/"))[1:-1]
    for prefix in AGENT:
        text = text.replace(prefix, escaped)
    return text


def shareable(dashboard):
    """The dashboard with its data source as an input in place of a variable."""
    text = json.dumps(dashboard)
    text = text.replace("var-datasource=${datasource}&", "")
    text = text.replace("${datasource}", "${" + INPUT + "}")
    dashboard = json.loads(text)
    variables = dashboard["templating"]["list"]
    dashboard["templating"]["list"] = [one for one in variables if one["type"] != "datasource"]
    kinds = {panel["type"] for panel in dashboard["panels"]} - {"row"}
    return {
        "__inputs": [
            {
                "name": INPUT,
                "label": "Prometheus",
                "description": "The Prometheus that scrapes the agents.",
                "type": "datasource",
                "pluginId": "prometheus",
                "pluginName": "Prometheus",
            }
        ],
        "__elements": {},
        "__requires": [
            requirement("grafana", "grafana", "Grafana", OLDEST_GRAFANA),
            requirement("datasource", "prometheus", "Prometheus", "1.0.0"),
            *(requirement("panel", kind, PANELS[kind], "") for kind in sorted(kinds)),
        ],
        "id": None,
        **dashboard,
    }


def requirement(kind, name, title, version):
    return {"type": kind, "id": name, "name": title, "version": version}


if __name__ == "__main__":
    main(sys.argv[1:])
