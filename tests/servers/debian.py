"""Programs from Debian's packages, unpacked below .cache and run there: nothing is installed, no root is needed."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import CannotStart, run

CACHE = Path(__file__).parents[2] / ".cache" / "debian"

# The lock of the system is root's, and what it guards is only read here. Root's downloads would be written by a user
# who may not enter this folder. What the system does after an update concerns its own lists.
SETTINGS = """
Dir::State::Lists "{0}/lists";
Dir::Cache "{0}";
Dir::Cache::Archives "{0}/archives";
Debug::NoLocking "true";
APT::Sandbox::User "root";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""


def unpacked(*packages: str) -> Path:
    """Returns the folder in which these packages and those that they need, and this machine lacks, are unpacked.

    They are downloaded once, by apt with lists of its own. Raises CannotStart where that fails.
    """
    place = CACHE / "+".join(packages)
    with _locked():
        if not place.is_dir():
            try:
                _unpack(_downloaded(packages), place)
            except (OSError, CannotStart) as error:
                names = " ".join(packages)
                raise CannotStart(f"apt-get install {names} (it could not be downloaded otherwise: {error})") from error
    return place


def environment(root: Path) -> Mapping[str, str]:
    """Returns the variables with which programs below a root, "/" or one of unpacked packages, find their libraries."""
    if root == Path("/"):
        return os.environ
    libraries = {str(path.parent) for path in root.glob("usr/lib/*-linux-*/*.so.*")}
    inherited = os.environ.get("LD_LIBRARY_PATH")
    return os.environ | {"LD_LIBRARY_PATH": ":".join(filter(None, [*sorted(libraries), inherited]))}


@contextmanager
def _locked() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _downloaded(packages: tuple[str, ...]) -> Path:
    state = CACHE / "apt"
    for folder in ("lists/partial", "archives/partial"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    settings = state / "apt.conf"
    settings.write_text(SETTINGS.format(state))
    apt = ["apt-get", "--quiet=2", "--config-file", str(settings)]
    run([*apt, "update"])
    run([*apt, "install", "--download-only", "--no-install-recommends", "--assume-yes", *packages])
    return state / "archives"


def _unpack(archives: Path, place: Path) -> None:
    unfinished = place.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for archive in archives.glob("*.deb"):
        run(["dpkg", "--extract", archive, unfinished])
    for link in unfinished.rglob("*"):
        if link.is_symlink() and link.readlink().is_absolute():
            _lead_inside(link, unfinished)
    shutil.rmtree(archives)
    unfinished.rename(place)


def _lead_inside(link: Path, root: Path) -> None:
    """Leads an absolute link to where its target was unpacked, if it was."""
    target = root / link.readlink().relative_to("/")
    if target.exists():
        link.unlink()
        link.symlink_to(os.path.relpath(target, link.parent))
