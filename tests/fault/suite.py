"""Runs rows of the fault matrix and prints what came of them. See tests/fault/run."""

import argparse
import asyncio
import logging
import pathlib
import random
import shutil
import sys
import time

from checker import Verdict, check
from cluster import NODES, Cluster
from faults import ROWS
from ledger import Ledger
from report import Report
from scene import Scene
from traffic import Traffic

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build/fault"


async def run_row(number: int, options: argparse.Namespace, seconds: float,
                  folder: pathlib.Path) -> tuple[Ledger, Verdict]:
    row, ledger = ROWS[number], Ledger()
    choice = random.Random(options.seed * 100 + number)
    cluster = Cluster(options.binary, folder, ledger, choice, row.gated)
    try:
        await cluster.start()
        traffic = Traffic(cluster, ledger, options.sessions, options.seed)
        await asyncio.wait_for(traffic.begin(), 30)
        scene = Scene(cluster, traffic, choice, time.monotonic() + seconds)
        progress = asyncio.create_task(show_progress(number, scene, seconds))
        try:
            await row.fault(scene)
        finally:
            progress.cancel()
        cluster.heal()
        await cluster.all_ready(20)
        await traffic.end()
    except Exception as failure:  # a row that cannot go on has failed, and the next one begins
        ledger.mishaps.append(f"the row ended early: {failure!r}")
    finally:
        await cluster.stop()
    return ledger, check(ledger, row.rules)


async def show_progress(number: int, scene: Scene, seconds: float) -> None:
    while sys.stderr.isatty():
        sessions = scene.cluster.ledger.sessions
        events = sum(len(stream) for session in sessions for stream in session.events.values())
        left = max(0.0, scene.ends - time.monotonic())
        print(f"\r\033[Krow {number}: {seconds - left:.0f} of {seconds:.0f} s, {events} events, "
              f"{scene.cluster.ledger.faults} faults", end="", file=sys.stderr, flush=True)
        await asyncio.sleep(0.5)


def run_and_keep(number: int, options: argparse.Namespace, seconds: float) -> tuple[Ledger, Verdict]:
    """Leaves the logs and the ledger of a row that failed."""
    folder = RESULTS / str(number)
    shutil.rmtree(folder, ignore_errors=True)
    ledger, verdict = asyncio.run(run_row(number, options, seconds, folder))
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    if verdict.violations or options.keep:
        ledger.save(folder / "ledger.json")
        (folder / "violations.txt").write_text("".join(f"{violation}\n" for violation in verdict.violations))
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return ledger, verdict


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests/fault/run", description="Breaks a cluster and counts what that costs.")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--rows", help="such as 0,1,12")
    which.add_argument("--all", action="store_true", help="every row; row 1 eleven times as long, for 100 kills")
    which.add_argument("--ci", action="store_true", help="the rows that every change must pass")
    parser.add_argument("--seconds", type=float, default=20, help="of each row (20)")
    parser.add_argument("--sessions", type=int, default=50, help="clients (50)")
    parser.add_argument("--seed", type=int, default=1, help="decides every choice of the test (1)")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/hydrant")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/reliability.md")
    parser.add_argument("--keep", action="store_true", help="keep the logs of rows that pass, too")
    options = parser.parse_args(arguments)
    options.binary = options.binary.resolve()
    if not options.binary.is_file():
        parser.error(f"no server at {options.binary}: build it first, or name one with --binary")
    return options


def rows_of(options: argparse.Namespace) -> list[int]:
    if options.rows:
        return [int(number) for number in options.rows.split(",")]
    return [number for number, row in ROWS.items() if options.all or row.starred]


def main() -> int:
    options = parse(sys.argv[1:])
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # it complains of cut connections
    report = Report()
    for number in rows_of(options):
        seconds = options.seconds * (ROWS[number].stretch if options.all else 1)
        report.add(number, *run_and_keep(number, options, seconds))
    print(report.summary(options.seed))
    if options.docs:
        about = f"{NODES} nodes, {options.sessions} sessions, {options.seconds:g} s a row, seed {options.seed}."
        report.write_into(ROOT / "docs/reliability.md", about)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
