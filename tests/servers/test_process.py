import os
import signal
import sys
from pathlib import Path

import pytest

from tests.servers import process
from tests.servers.process import CannotStart, run, running

SERVER = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
DEAF_SERVER = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SERVER}"


@pytest.mark.parametrize("program", [SERVER, DEAF_SERVER])
def test_a_server_ends_with_its_context(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"

    with running([sys.executable, "-c", program], log, lambda: "\n" in log.read_text(), signal.SIGTERM):
        number = int(log.read_text())
        os.kill(number, 0)
        monkeypatch.setattr(process, "PATIENCE", 0.1)

    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@pytest.mark.parametrize(
    ("program", "patience", "says"),
    [
        ("raise SystemExit('no room')", 60.0, "no room"),
        ("raise SystemExit(1)", 60.0, "it said nothing"),
        (SERVER, 0.1, "a server did not start"),
    ],
)
def test_a_server_that_never_is_ready_tells_its_last_words(
    program: str, patience: float, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "PATIENCE", patience)
    server = running([sys.executable, "-c", program], tmp_path / "log", lambda: False, signal.SIGTERM)

    with pytest.raises(CannotStart, match=says), server:
        pass


def test_a_program_that_fails_tells_its_last_words() -> None:
    program = "for number in range(9): print(number)\nraise SystemExit('no room')"

    with pytest.raises(CannotStart, match=r"failed: 5 / 6 / 7 / 8 / no room"):
        run([sys.executable, "-u", "-c", program])
