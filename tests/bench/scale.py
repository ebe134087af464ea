"""The scale run: 5,000 targets, each asked every 60 s behind STARTTLS with AUTH."""

import statistics
import time

from machine import cpu_seconds, memory_mb

TARGETS = 5000
INTERVAL = 60
SCRAPE_EVERY = 15
DELAY_MS = 50
# The phases in which the server says one reply, so that its true time is known.
PHASES = ("banner", "starttls", "auth")
START_DELAY = "smtp_reply_exporter_check_start_delay_seconds"


def targets_of(server, mute):
    """TARGETS of them, `mute` of which are spread among the others and never answer."""
    result = []
    for i in range(TARGETS):
        silent = i * mute % TARGETS < mute
        name = f"mute{i}" if silent else f"t{i}"
        port = server["mute"] if silent else server["starttls"]
        result.append((name, f"127.77.0.{i % server['addresses'] + 1}", port, "starttls"))
    return result


def latest_start(samples):
    """The bucket of the start delay histogram that holds the latest start."""
    count = samples.total(f"{START_DELAY}_count")
    buckets = sorted(
        (float(labels["le"]), value) for labels, value in samples.of(f"{START_DELAY}_bucket")
    )
    return next((le for le, value in buckets if value >= count > 0), float("nan"))


def of_answering(samples, family, **wanted):
    return [
        value
        for labels, value in samples.of(family, **wanted)
        if not labels.get("target", "").startswith("mute")
    ]


def run(agent, server, mute, minutes):
    """A row of the table, as (name, value) pairs."""
    config = agent.configure(targets_of(server, mute), INTERVAL)
    with agent.running(config) as (child, scrape):
        time.sleep(INTERVAL)
        cpu, begin = cpu_seconds(child.pid), time.monotonic()
        scrape_times = []
        for _ in range(int(minutes * 60 / SCRAPE_EVERY)):
            time.sleep(SCRAPE_EVERY)
            samples = scrape()
            scrape_times.append(samples.seconds)
        cpu = (cpu_seconds(child.pid) - cpu) / (time.monotonic() - begin)
        resident, peak = memory_mb(child.pid)
    row = [
        ("targets", f"{TARGETS:,}"),
        ("of them mute", f"{mute:,}"),
        ("latest start", f"<= {latest_start(samples):g} s"),
        ("skipped", f"{samples.total('smtp_reply_exporter_checks_skipped_total'):.0f}"),
        (
            "answering targets that failed",
            f"{sum(of_answering(samples, 'smtp_check_failures_total')):.0f}",
        ),
    ]
    for phase in PHASES:
        times = of_answering(samples, "smtp_check_phase_duration_seconds", phase=phase)
        error = statistics.median(times) * 1000 - DELAY_MS if times else float("nan")
        row.append((f"{phase} - {DELAY_MS} ms, median", f"{error:+.2f} ms"))
    row += [
        ("resident (peak)", f"{resident:.0f} ({peak:.0f}) MB"),
        ("CPU of a core", f"{cpu * 100:.0f} %"),
        (
            "scrape, median",
            f"{statistics.median(scrape_times) * 1000:.0f} ms, {samples.size / 1e6:.1f} MB, "
            f"gzipped {samples.sent / 1e6:.2f} MB",
        ),
    ]
    return row
