"""Chromium without a window, driven by Playwright: the system's, else Debian's, unpacked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.servers.debian import environment, unpacked

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["chromium"]

# Fonts are found by their folders: what the system has is not unpacked.
FONTS: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{root}/usr/share/fonts</dir>
  <cachedir>{root}/var/cache/fontconfig</cachedir>
  <alias><family>Arial</family><prefer><family>Liberation Sans</family></prefer></alias>
</fontconfig>
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Starts a browser. Raises CannotStart, with what to install, where there is none and none can be downloaded."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (only the environment of these tests has it)

    program, variables = _program()
    with sync_playwright() as playwright:
        # Its sandbox needs a kernel that lets a user make namespaces; what it opens here is our own page.
        browser = playwright.chromium.launch(executable_path=program, env=dict(variables), args=["--no-sandbox"])
        yield browser
        browser.close()


def _program() -> tuple[Path, Mapping[str, str]]:
    root = Path("/")
    if not shutil.which("chromium", path=root / "usr/bin"):
        root = unpacked("chromium", "fonts-liberation")
    variables = dict(environment(root))
    if root != Path("/"):
        settings = root / "fonts.conf"
        settings.write_text(FONTS.format(root=root))
        variables["FONTCONFIG_FILE"] = str(settings)
        # Some libraries need others in folders of their own, by the place that those have where they are installed.
        nested = sorted({str(path.parent) for path in root.glob("usr/lib/*-linux-*/*/*.so*")})
        variables["LD_LIBRARY_PATH"] = ":".join([variables.get("LD_LIBRARY_PATH", ""), *nested])
    return root / "usr/lib/chromium/chromium", variables
