"""What a row came to, for the terminal and for docs/reliability.md."""

import pathlib
import re

from checker import Verdict
from faults import ROWS
from ledger import Ledger

HEADS = ("#", "Fault", "Faults", "Events", "Answers", "Lost", "Doubled", "Unanswered", "Slowest", "After a kill",
         "Push p99", "")
WIDTHS = (3, 44, 6, 7, 7, 4, 7, 10, 8, 12, 8, 6)
VIOLATIONS_SHOWN = 8
MARKS = ("<!-- faults -->\n", "<!-- end of faults -->")


class Report:
    """Prints each row as it comes, and keeps it."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, ...]] = []
        self.failed = self.events = 0
        print(_line(HEADS), flush=True)

    def add(self, number: int, ledger: Ledger, verdict: Verdict) -> None:
        row = ROWS[number]
        counts = (ledger.faults, verdict.events, verdict.answers, verdict.lost, verdict.doubled, verdict.unanswered)
        after_kill = f"{verdict.slowest_after_kill:.2f} s" if verdict.slowest_after_kill else "–"
        times = (f"{verdict.slowest:.2f} s", after_kill, f"{verdict.push_p99:.2f} s")
        cells = (f"{number}{'★' if row.starred else ''}", row.name, *(f"{count:,}" for count in counts), *times,
                 "FAILED" if verdict.violations else "ok")
        self._rows.append(cells)
        self.failed += bool(verdict.violations)
        self.events += verdict.events
        print(_line(cells), flush=True)
        for violation in verdict.violations[:VIOLATIONS_SHOWN]:
            print(f"     {violation}")
        if len(verdict.violations) > VIOLATIONS_SHOWN:
            print(f"     and {len(verdict.violations) - VIOLATIONS_SHOWN} more", flush=True)

    def summary(self, seed: int) -> str:
        verdict = f"{self.failed} failed" if self.failed else "all passed"
        return f"{len(self._rows)} rows, {self.events:,} events, seed {seed}: {verdict}"

    def write_into(self, page: pathlib.Path, about: str) -> None:
        """Between the marks of the page."""
        lines = [_markdown(HEADS), _markdown(("--:", ":--", *["--:"] * 9, ":--")), *map(_markdown, self._rows)]
        text = page.read_text(encoding="utf-8")
        begin, end = MARKS
        new = f"{begin}\n" + "\n".join(lines) + f"\n\n{about}\n\n{end}"
        page.write_text(re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: new, text, flags=re.DOTALL),
                        encoding="utf-8")


def _line(cells: tuple[str, ...]) -> str:
    aligned = (cell.ljust(width) if head in ("Fault", "") else cell.rjust(width)
               for head, cell, width in zip(HEADS, cells, WIDTHS))
    return "  ".join(aligned).rstrip()


def _markdown(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"
