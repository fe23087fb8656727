"""One command of `bot`, to its end, without paying for its imports each time.

The commands run in a process of their own, forked from one that has imported them and nothing of
the tests: a start costs milliseconds instead of a second and a half. That the installed `bot` runs
as well is seen by `started`, and by all tests that start the service.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from types import SimpleNamespace

BOT = str(Path(sys.executable).with_name("bot"))
SECONDS = 120
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["bot.app", "knowledge.fit", "knowledge.check"]
    + [f"bot.cli.{name}" for name in ("asking", "base", "copies", "people", "running", "setup")]
)


def run(words, environment, folder):
    """Run `bot` with these words; returns its `returncode`, `stdout` and `stderr`."""
    with tempfile.TemporaryDirectory() as spoken:
        files = [str(Path(spoken, name)) for name in ("stdout", "stderr")]
        process = _FORKS.Process(target=_child, args=(words, environment, str(folder), files))
        process.start()
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"bot {' '.join(words)} still runs after {SECONDS} s")
        stdout, stderr = (Path(file).read_text(encoding="utf-8") for file in files)
    return SimpleNamespace(returncode=process.exitcode, stdout=stdout, stderr=stderr)


def started(words, environment, folder):
    """Run the installed `bot` with these words."""
    return subprocess.run(
        [BOT, *words], env=environment, cwd=folder, capture_output=True, text=True,
        timeout=SECONDS, check=False,
    )  # fmt: skip


def _child(words, environment, folder, files):
    for number, file in enumerate(files, 1):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    warnings.simplefilter("ignore")
    sys.argv = ["bot", *words]
    from bot.cli import main

    main()
