"""The Java that Spark runs on: the one of JAVA_HOME, of the path, or else Debian's."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.servers.debian import unpacked
from tests.servers.process import CannotStart

PACKAGE = "default-jre-headless"
OLDEST = 17  # what Spark 4 needs


def java_home() -> str:
    """Returns what JAVA_HOME has to be, with Debian's packages unpacked if this machine has no Java.

    Raises CannotStart if the Java of JAVA_HOME or of the path is too old.
    """
    if home := os.environ.get("JAVA_HOME"):
        return _checked(Path(home))
    if program := shutil.which("java"):
        return _checked(Path(program).resolve().parents[1])
    for java in unpacked(PACKAGE).glob("usr/lib/jvm/*/bin/java"):
        return _checked(java.parents[1])
    raise CannotStart(f"{PACKAGE} is installed, but no java is on the path: set JAVA_HOME")


def _checked(home: Path) -> str:
    told = subprocess.run([home / "bin" / "java", "-version"], check=True, capture_output=True, text=True).stderr
    version = re.search(r'version "(\d+)', told, re.ASCII)
    if version is None or int(version[1]) < OLDEST:
        raise CannotStart(f"Java {OLDEST} or newer is needed (apt-get install {PACKAGE}), not: {told}")
    return str(home)
