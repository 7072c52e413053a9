from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from benchmarks import plot, report
from benchmarks.contest import Contest, Result
from benchmarks.peers.figure import Figure

CONTEST = Contest("parse", "`four` & more", int, int, 1.2)
RESULTS = [
    Result(CONTEST, 1.1, 1.0, 1.3, 1e-6, 1.1e-6),
    Result(Contest("dump", "a call", int, int, 10, faster=True), 8.0, 7.5, 123.4, 2e-3, 4.0),
    Result(Contest("imports", "it", int, int, 0.03, absolute=True), 1.5, 1.0, 2.0, 0.02, 0.025),
]
FIGURES = [
    Figure("parse", "other 1.0", 6.4, 6.0, 7.0, 1e-5, "no types"),
    Figure("parse", "jsonapi-sieve 0.1.0", 1.2, 1.1, 1.3, 1e-6),
    Figure("load", "other 1.0", 250.0, 240.0, 260.0, 1e-5),
]


def test_the_table_says_which_bars_are_met() -> None:
    rows = report.of_stages(RESULTS).splitlines()[2:]
    assert rows == [
        "| parse | `four` & more | 1.00 us | 1.10 us | 1.10 (1.00-1.30) | 1.2 | met |",
        "| dump | a call | 2.0 ms | 4.0 s | 8.00 (7.50-123.40) | 10 times faster | **not met** |",
        "| imports | it | 20.0 ms | 25.0 ms | 1.50 (1.00-2.00) | 30.0 ms | met |",
    ]


def test_the_quickest_library_of_each_task_comes_first() -> None:
    rows = report.of_peers(FIGURES).splitlines()[2:]
    assert rows == [
        "| parse | **jsonapi-sieve 0.1.0** | 1.20 (1.10-1.30) | 1.00 us |  |",
        "| parse | other 1.0 | 6.40 (6.00-7.00) | 10.00 us | no types |",
        "| load | other 1.0 | 250 (240-260) | 10.00 us |  |",
    ]


@pytest.mark.parametrize("picture", [plot.of_stages(RESULTS), plot.of_peers(FIGURES), plot.of_stages(RESULTS[:1])])
def test_the_pictures_are_svg_and_load_nothing(picture: str) -> None:
    root = ET.fromstring(picture)  # noqa: S314  (made here)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert not [node for node in root.iter() if node.tag.endswith(("image", "script", "use"))]
    widths = [float(node.attrib["width"]) for node in root.iter() if node.tag.endswith("rect")]
    assert widths
    assert min(widths) > 0


def test_the_page_has_the_marks_between_which_tables_are_written(tmp_path: Path) -> None:
    text = (report.DOCS / "performance.md").read_text(encoding="utf-8")
    for name in ("machine", "stages", "peers"):
        assert f"<!-- {name} -->\n\nnew\n\n<!-- end of {name} -->" in report.between(text, name, "new")


def test_a_page_without_marks_is_not_written() -> None:
    with pytest.raises(ValueError, match="the marks of 'stages'"):
        report.between("no marks", "stages", "new")
