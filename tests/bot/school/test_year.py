"""The clock over a term and over 1 September: grades move by themselves, and no row is rewritten."""

from datetime import datetime

from bot.clock import GUANGZHOU
from tests.support.office import SCHOOL

LAST_DAY = datetime(2027, 8, 31, 20, tzinfo=GUANGZHOU)
#: Of the same school: who leaves it in 2027, and who is in its first year.
LEAVING, FIRST = f"{SCHOOL}/2021/1", f"{SCHOOL}/2026/2"
#: Rows that time itself may touch, none of a family, a unit, a code or a course.
JOB_ROWS = {"job_run", "heartbeat"}
