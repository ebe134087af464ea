#!/usr/bin/python3
"""Measures what a check costs, beside others, in one run; and the daemon at scale.

Prints Markdown. Everything listens on loopback and ends with this program. Trust the ratios: the
rounds are interleaved, so that all suffer the same neighbours; the absolute times are this
machine's."""

import argparse
import statistics
import sys
from pathlib import Path

import scale
from contenders import DIALOGUES, Agent, Blackbox, Libcurl
from machine import Failure, smtp_server

ROOT = Path(__file__).resolve().parents[2]
# What the agent may cost at most, as a part of each of the others.
GOALS = {
    ("plain", "blackbox"): 0.25,
    ("starttls", "blackbox"): 0.85,
    ("plain", "libcurl"): 1.5,
    ("starttls", "libcurl"): 1.5,
}


def say(text):
    print(text, file=sys.stderr, flush=True)


def table(rows):
    print("| " + " | ".join(rows[0]) + " |")
    print("|" + "---|" * len(rows[0]))
    for row in rows[1:]:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def measure(contenders, binaries, folder, rounds, seconds):
    """{(dialogue, contender): [CPU seconds per 1,000 probes, one a round]}"""
    results = {}
    with smtp_server(binaries, folder, delay_ms=0) as server:
        for number in range(1, rounds + 1):
            for dialogue in DIALOGUES:
                for name, contender in contenders.items():
                    cost = contender.probe(dialogue, server, seconds)
                    results.setdefault((dialogue, name), []).append(cost)
                    say(f"round {number}: {dialogue} {name} {cost:.3f}")
    return results


def ratio(results, dialogue, other):
    """Median of the rounds' own ratios, and whether it is within the goal."""
    pairs = zip(results[dialogue, "agent"], results[dialogue, other])
    value = statistics.median(agent / cost for agent, cost in pairs)
    goal = GOALS[dialogue, other]
    return f"{value:.2f} ({'within' if value <= goal else 'beyond'} {goal:g})"


def report_costs(results, names):
    rows = [["dialogue", "who", "CPU-s per 1,000", "min .. max", "agent's part of it"]]
    for dialogue in DIALOGUES:
        for name in names:
            costs = results[dialogue, name]
            part = ratio(results, dialogue, name) if "agent" in names and name != "agent" else ""
            rows.append(
                [
                    dialogue + " + AUTH",
                    name,
                    f"{statistics.median(costs):.3f}",
                    f"{min(costs):.3f} .. {max(costs):.3f}",
                    part,
                ]
            )
    table(rows)


def report_scale(agent, binaries, folder, minutes):
    with smtp_server(binaries, folder, scale.DELAY_MS) as server:
        runs = []
        for mute in (0, 1000):
            say(f"scale: {scale.TARGETS} targets, {mute} mute, {minutes:g} min and a warm-up")
            runs.append(scale.run(agent, server, mute, minutes))
    rows = [["", "all answer", "some are mute"]]
    rows += [[name, value, other] for (name, value), (_, other) in zip(*runs)]
    table(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--binaries",
        type=Path,
        default=ROOT / "build/release/bin",
        help="folder of bench_server and bench_libcurl",
    )
    parser.add_argument("--agent", type=Path, default=ROOT / "build/smtp_reply_exporter")
    parser.add_argument(
        "--work",
        type=Path,
        default=ROOT / "build/bench",
        help="folder for certificates, configurations, logs",
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10, help="of one window of the agent's")
    parser.add_argument("--minutes", type=float, default=3, help="of each scale run")
    parser.add_argument("--only", choices=("cost", "scale"))
    options = parser.parse_args()
    folder = options.work.resolve()
    folder.mkdir(parents=True, exist_ok=True)

    agent = Agent(options.agent.resolve(), folder) if options.agent.exists() else None
    if agent is None:
        say(f"{options.agent} is not built: measuring the others only")
    if options.only != "scale":
        print(f"{options.rounds} interleaved rounds, medians\n")
        contenders = {"blackbox": Blackbox(folder), "libcurl": Libcurl(options.binaries, folder)}
        if agent:
            contenders["agent"] = agent
        report_costs(
            measure(contenders, options.binaries, folder, options.rounds, options.seconds),
            list(contenders),
        )
    if agent and options.only != "cost":
        report_scale(agent, options.binaries, folder, options.minutes)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"run.py: {failure}")
