"""The machine's time is set while the daemon runs: what is planned goes by another clock."""

import pytest

import fetch
from program import daemon
from servers import holding
from waiting import eventually

LIBRARIES = fetch.ROOT / "usr/lib"
HOUR = 3600


@pytest.mark.parametrize("jump", [-HOUR, 24 * HOUR], ids=["back an hour", "forward a day"])
def test_a_jump_of_the_clock_neither_stops_checks_nor_makes_up_for_any(
    sandbox, configuration, tmp_path, jump
):
    offset = tmp_path / "offset"
    offset.write_text("+0")
    (library,) = LIBRARIES.glob("*/faketime/libfaketime.so.1")
    faked = [
        "env", f"LD_PRELOAD={library}", f"FAKETIME_TIMESTAMP_FILE={offset}",
        "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
    ]  # fmt: skip
    with holding.run("NOTHING") as smtp:
        # A machine that is busy for a second or two must not look like one that slept.
        configuration.every("4s")
        configuration.raw_target(
            {"name": "mx", "host": "127.0.0.1", "port": smtp.port, "tls": "none",
             "checks": ["greeting"]}
        )  # fmt: skip
        with daemon(configuration, tmp_path / "log", under=faked) as running:

            def value(name, **labels):
                return running.value(name, **labels)

            eventually(lambda: value("smtp_check_runs_total") >= 2, 30)
            then = value("smtp_check_last_success_timestamp_seconds")
            offset.write_text(f"{jump:+}")
            # The next runs come, and carry the new time.
            last = "smtp_check_last_success_timestamp_seconds"
            moved = eventually(lambda: abs(value(last) - then) > HOUR / 2 and value(last) - then)
            assert abs(moved - jump) < HOUR / 2
            runs = value("smtp_check_runs_total")
            eventually(lambda: value("smtp_check_runs_total") >= runs + 2, 30)
            # None is left out as slept through, nor is any made up for: an hour has 900 of them.
            skipped = "smtp_reply_exporter_checks_skipped_total"
            assert sum(count for _, count in running.samples(skipped)) < 60, running.log
            assert len(smtp.heard) < 60, "what the jump left out was made up for"
            assert value("smtp_check_success") == 1
