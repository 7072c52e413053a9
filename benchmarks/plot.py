"""Bars on a logarithmic scale, as a picture that needs nothing but a browser."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

from benchmarks.contest import Result
from benchmarks.peers.figure import Figure

WIDTH, LABELS, VALUES, ROW = 800, 370, 60, 22
STYLE = """text{font:13px system-ui,sans-serif;fill:#222}.l{text-anchor:end}.h{font-weight:600}
    .s{fill:#555;text-anchor:middle}rect{fill:#b9c1e6}.o{fill:#5c6bc0}.b{fill:#c4604d}path{stroke:#ccc}.one{stroke:#444;stroke-width:1.5}
    @media (prefers-color-scheme:dark){text{fill:#e6e6e6}.s{fill:#aaa}rect{fill:#454f80}
      .o{fill:#8f9ce0}.b{fill:#dd8a79}path{stroke:#555}.one{stroke:#ddd}}"""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its value above 0, and how it is painted: as one of the `o`thers or not, or `b`ad."""

    label: str
    value: float
    kind: str = ""


def of_stages(results: Iterable[Result]) -> str:
    """Draw what each contest takes of what its bar allows."""
    groups = [
        (stage, [_of_result(result) for result in those])
        for stage, those in groupby(results, key=lambda result: result.contest.stage)
    ]
    return chart("Each stage against its bar", "The share of what the bar allows; at 1 it is just met.", groups)


def _of_result(result: Result) -> Bar:
    contest = result.contest
    if contest.absolute:
        share = result.ours / contest.bar
    else:
        share = contest.bar / result.median if contest.faster else result.median / contest.bar
    return Bar(contest.work.replace("`", ""), share, "o" if result.is_met else "b")


def of_peers(figures: Iterable[Figure]) -> str:
    """Draw what each library costs on each task."""
    groups = [
        (
            task,
            [Bar(figure.library + "*" * bool(figure.lacks), figure.median, "o" * figure.is_ours) for figure in those],
        )
        for task, those in groupby(figures, key=lambda figure: figure.task)
    ]
    return chart(
        "Libraries on the same tasks",
        "The cost of each in multiples of code written by hand, which is 1; * does less than the task asks for.",
        groups,
    )


def chart(title: str, told: str, groups: list[tuple[str, list[Bar]]]) -> str:
    """Draw groups of bars below their headings, from the power of ten below all values to the one above."""
    values = [bar.value for _, bars in groups for bar in bars]
    low, high = math.floor(math.log10(min(values)) - 0.01), math.ceil(math.log10(max(values)) + 0.01)
    scale = (WIDTH - LABELS - VALUES) / (high - low)
    height = (sum(len(bars) + 1 for _, bars in groups) + 3) * ROW
    lines = [
        f'<path d="M{LABELS + (power - low) * scale:.0f} {2 * ROW}V{height - ROW}" class="{"one" * (power == 0)}"/>'
        f'<text x="{LABELS + (power - low) * scale:.0f}" y="{height - 6}" class="s">{10**power:g}</text>'
        for power in range(low, high + 1)
    ]
    y = 2 * ROW
    for heading, bars in groups:
        lines.append(f'<text x="{LABELS - 8}" y="{y + 15}" class="l h">{escape(heading)}</text>')
        for bar in bars:
            y += ROW
            length = (math.log10(bar.value) - low) * scale
            lines += (
                f'<text x="{LABELS - 8}" y="{y + 15}" class="l">{escape(_cut(bar.label))}</text>',
                f'<rect x="{LABELS}" y="{y + 3}" width="{length:.0f}" height="{ROW - 6}" class="{bar.kind}"/>',
                f'<text x="{LABELS + length + 6:.0f}" y="{y + 15}">{_shown(bar.value)}</text>',
            )
        y += ROW
    drawn = "\n  ".join(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' role="img" aria-label="{escape(title)}">\n  <title>{escape(title)}</title>\n  <desc>{escape(told)}</desc>\n'
        f'  <style>\n    {STYLE}\n  </style>\n  <text x="10" y="18" class="h">{escape(title)}</text>\n'
        f'  <text x="10" y="36">{escape(told)}</text>\n  {drawn}\n</svg>\n'
    )


def _cut(label: str) -> str:
    return label if len(label) <= 50 else f"{label[:49]}…"


def _shown(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"
