# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples, their medians, and how they are printed."""
import datetime
import os
import pathlib
import platform
import statistics

README = pathlib.Path(__file__).resolve().parent / "README.md"


class Results:
    """Samples by row and target; a row's value for a target is the median over the rounds."""

    def __init__(self):
        self.rows = {}

    def add(self, row, target, value):
        self.rows.setdefault(row, {}).setdefault(target, []).append(value)

    def median(self, row, target):
        values = self.rows.get(row, {}).get(target)
        return statistics.median(values) if values else None

    def ratio(self, row, other, of="Portolan"):
        a, b = self.median(row, of), self.median(row, other)
        return a / b if a is not None and b else None


def number(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if value % 1 else f"{value:.0f}"


def number_ratio(value):
    return "" if value is None else f"{value:.2f}" if abs(value) < 100 else f"{value:,.0f}"


def yes(met):
    return "yes" if met else "**no**"


def machine(quick):
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    return (f"{datetime.date.today()}, {os.cpu_count()} cores ({model}), Linux {platform.release()}, Debian "
            f"{pathlib.Path('/etc/debian_version').read_text().strip()}{', quick run' if quick else ''}.")


def write_readme(name, text):
    """Puts `text` between the marks <!-- name --> and the next <!-- end --> of README.md and leaves the rest."""
    begin, end = f"<!-- {name} -->\n", "<!-- end -->\n"
    old = README.read_text()
    at = old.index(begin) + len(begin)
    README.write_text(old[:at] + "\n" + text + "\n" + old[old.index(end, at):])
