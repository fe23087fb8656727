"""`scripts/demo --once`, twice on one data folder: each question gets its own answer."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def once(folder, question):
    given = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "demo.py"), "--once", question],
        cwd=ROOT, env=given | {"BOT_DATA": str(folder)}, capture_output=True, text=True,
        timeout=120, check=True,
    )  # fmt: skip
    return done.stdout


def test_the_second_question_is_not_taken_for_a_repeat_of_the_first(tmp_path):
    assert "宣传周" not in once(tmp_path, "谢谢")
    assert "宣传周" in once(tmp_path, "宣传周是几号")
