"""Takes the pictures of the explorer in docs, and tells how long its first view and each step take."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from tests.explorer.browser.chromium import chromium
from tests.explorer.browser.exploring import DAY, Explorer, signed_in
from tests.explorer.browser.serving import Served, generated, served
from tests.servers.process import CannotStart

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURES: Final = Path(__file__).parents[3] / "docs" / "pictures"
REPEATS: Final = 5

LAST_DAY: Final = f"cdrs?{DAY}"
SHOWN: Final = f"{LAST_DAY}&filter[success-eq]=true&filter[duration-gteq]=60&sort=-duration"

DESK: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 900}, "device_scale_factor": 2}
PHONE: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
VIEWS: Final = {
    "light": (SHOWN, {**DESK, "color_scheme": "light"}),
    "dark": (SHOWN, {**DESK, "color_scheme": "dark"}),
    "phone": (SHOWN, {**PHONE, "color_scheme": "light"}),
}

# From what a user does, or from when the page is asked for, to the next pictures after the rows and after all is there.
# `took` is there from when the page asks for it, for what was asked before is no answer to it.
WATCH: Final = """
addEventListener("DOMContentLoaded", () => {
  const [answer, plots] = ["answer", "plots-card"].map((id) => document.getElementById(id));
  let began = 0;
  for (const kind of ["click", "input", "change", "pointerup"]) {
    addEventListener(kind, (event) => { began = event.timeStamp; window.took = null; }, true);
  }
  const look = () => {
    if (answer.ariaBusy === "true") window.took ??= {};
    const took = window.took;
    const note = (part) => requestAnimationFrame(() => setTimeout(() => { took[part] ??= performance.now() - began; }));
    if (took && answer.ariaBusy === "false") note("rows");
    if (took && answer.ariaBusy === "false" && plots.ariaBusy !== "true") note("all");
  };
  for (const part of [answer, plots]) new MutationObserver(look).observe(part, { attributeFilter: ["aria-busy"] });
});
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="how many calls to generate (%(default)s)")
    parser.add_argument("--database", type=Path, help="a file that was generated before, to generate none")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder, chromium() as browser:
            database = options.database or generated(Path(folder), options.count)
            with served(database, "--no-exports") as service:
                show(browser, service)
    except CannotStart as error:
        print(f"There is no browser: {error}", file=sys.stderr)
        return 1
    return 0


def show(browser: Browser, service: Served) -> None:
    context = browser.new_context()
    session = signed_in(context, service)
    for name, (state, view) in VIEWS.items():
        take(browser, service, {**view, "storage_state": session}, state, PICTURES / f"explorer-{name}.png")
    for step, took in measured(browser, service, session):
        print(f"{step:44} {', '.join(map(told, took, took.values()))}, of {REPEATS}")


def told(part: str, times: list[float]) -> str:
    return f"{part} {median(times):4.0f} ms ({min(times):.0f} to {max(times):.0f})"


def take(browser: Browser, service: Served, options: dict[str, Any], state: str, file: Path) -> None:
    """Takes the picture of what a screen shows first."""
    context = browser.new_context(locale="en-GB", **options)
    explorer = Explorer(context.new_page(), service)
    explorer.open(state)
    explorer.page.wait_for_timeout(500)
    explorer.page.screenshot(path=file)
    context.close()
    print(f"{file.name}: {file.stat().st_size // 1024} KiB")


def measured(browser: Browser, service: Served, session: Any) -> Iterator[tuple[str, dict[str, list[float]]]]:
    """Gives each step with the milliseconds that rows and all took, several times, each on a page of its own."""
    context = browser.new_context(storage_state=session, locale="en-GB", **DESK)
    context.add_init_script(WATCH)
    for name, step in STEPS.items():
        times: dict[str, list[float]] = {"rows": [], "all": []}
        for _ in range(REPEATS):
            explorer = Explorer(context.new_page(), service)
            explorer.open(LAST_DAY)
            if step is not None:
                step(explorer)
            for part, milliseconds in took(explorer).items():
                times[part].append(milliseconds)
            explorer.page.close()
        yield name, times
    context.close()


def took(explorer: Explorer) -> dict[str, float]:
    """Gives the milliseconds of the last step, when it is answered."""
    while "all" not in (milliseconds := explorer.page.evaluate("window.took") or {}):
        explorer.page.wait_for_timeout(10)
    return dict(milliseconds)


def _type(explorer: Explorer) -> None:
    explorer.add_filter("duration", "gteq").focus()
    explorer.page.wait_for_timeout(500)  # for the answers to the choices before
    explorer.page.keyboard.insert_text("60")


def _brush(explorer: Explorer) -> None:
    box = explorer.page.locator("#plots svg").first.bounding_box()
    assert box is not None
    explorer.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 40)
    explorer.page.mouse.down()
    explorer.page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 40)
    explorer.page.mouse.up()


def _sort(name: str) -> Callable[[Explorer], None]:
    return lambda explorer: explorer.page.locator(f'#table [data-name="{name}"]').click()


STEPS: Final[dict[str, Callable[[Explorer], None] | None]] = {
    "first view, the last day": None,
    "type a filter (150 ms are for the next key)": _type,
    "drag over the time plot": _brush,
    "sort by time": _sort("time-start"),
    "sort by duration": _sort("duration"),
    "next page": lambda explorer: explorer.page.get_by_role("button", name="Next", exact=True).click(),
    "last page": lambda explorer: explorer.page.get_by_role("button", name="Last", exact=True).click(),
    "all calls of the customer": lambda explorer: explorer.page.evaluate("""() => {
        document.body.click();
        location.hash = "#cdrs?filter[time-start-gteq]=2020-01-01T00:00:00Z";
    }"""),
}


if __name__ == "__main__":
    sys.exit(main())
