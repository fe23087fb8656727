"""The clock over a term and over 1 September: grades move by themselves, and no row is rewritten."""

import hashlib
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from bot import app
from bot.calendar import store
from bot.calendar.days import Entry, Kind
from bot.clock import GUANGZHOU, HandClock
from bot.db.base import metadata
from bot.dialogue.engine import Engine
from bot.org import grades, tree
from bot.org.tree import Unit
from bot.people import audience as people
from bot.people.audience import Audience
from bot.people.families import children
from bot.profile import jobs as profile_jobs
from bot.school import courses as shelf
from bot.school.learner_tables import enrolments
from bot.wechat import events
from tests.support import families, school, world
from tests.support.desk import Desk
from tests.support.families import Family, Kid
from tests.support.office import CLASS, SCHOOL, Office

LAST_DAY = datetime(2027, 8, 31, 20, tzinfo=GUANGZHOU)
#: Of the same school: who leaves it in 2027, and who is in its first year.
LEAVING, FIRST = f"{SCHOOL}/2021/1", f"{SCHOOL}/2026/2"
#: Rows that time itself may touch, none of a family, a unit, a code or a course.
JOB_ROWS = {"job_run", "heartbeat"}
