"""Verdicts and tables, alike for all benchmarks."""

import json
import os
import platform
from pathlib import Path

from harness.processes import ROOT, CannotRun

DOCS = ROOT / "docs" / "benchmarks.md"


class Bars:
    """The promises a run is held to. Prints each as it is checked and remembers whether one was broken."""

    def __init__(self):
        self.broken = 0
        self.checked = []
        self.lines = []

    def at_least(self, what, value, bar, form="{:.2f}"):
        self._check(what, value, bar, value >= bar, ">=", form)

    def at_most(self, what, value, bar, form="{:.2f}"):
        self._check(what, value, bar, value <= bar, "<=", form)

    def fault(self, what):
        self.broken += 1
        self.checked.append({"what": what, "pass": False})
        self._say(f"FAIL  {what}")

    def _check(self, what, value, bar, passed, sign, form):
        self.broken += not passed
        self.checked.append({"what": what, "value": value, "bar": bar, "pass": passed})
        self._say(f"{'PASS' if passed else 'FAIL'}  {what}: {form.format(value)} (bar {sign} {form.format(bar)})")

    def _say(self, line):
        self.lines.append(line)
        print(line)


def print_table(head, rows):
    """Prints a Markdown table and returns it."""
    widths = [max(len(str(row[i])) for row in [head, *rows]) for i in range(len(head))]
    lines = ["| " + " | ".join(str(cell).ljust(width) for cell, width in zip(row, widths)) + " |"
             for row in [head, ["-" * width for width in widths], *rows]]
    print("\n".join(lines))
    return "\n".join(lines)


def machine():
    """What the figures were measured on, in a line."""
    models = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
              if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release().split('-')[0]}, load {os.getloadavg()[0]:.1f}"


def publish(options, section, table, bars, figures):
    """Writes what --json and --docs ask for."""
    publish_json(options, {**figures, "bars": bars.checked})
    publish_docs(options, section, table, bars)


def publish_json(options, figures):
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=2) + "\n")


def publish_docs(options, section, table, bars):
    if options.docs:
        _fill_docs(section, "\n".join([f"On {machine()}:", "", table, "", "```", *bars.lines, "```"]))


def _fill_docs(section, text):
    """Puts the text between the two marks of the section in docs/benchmarks.md."""
    begin, end = f"<!-- {section} -->\n", f"<!-- end of {section} -->\n"
    before, found, rest = DOCS.read_text().partition(begin)
    _, also_found, after = rest.partition(end)
    if not (found and also_found):
        raise CannotRun(f"{DOCS} has no marks for {section}")
    DOCS.write_text(before + begin + text + "\n" + end + after)


def add_output_options(parser):
    parser.add_argument("--json", metavar="FILE", help="write the figures of every run")
    parser.add_argument("--docs", action="store_true", help="put the table into docs/benchmarks.md")
