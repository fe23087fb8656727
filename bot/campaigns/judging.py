"""Everything that speaks against sending a campaign now: its words, no trial, the same again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import lint, queries
from bot.campaigns.draft import Campaign
from bot.campaigns.lint import Finding
from bot.campaigns.states import Verdict
from bot.runtime import Runtime

#: Paths parents may be sent to; `app` hands them when the pages are joined.
_SHELF = "campaigns.pages"
_PARAMETER = re.compile(r"\\\{\w+\\\}")


def know_pages(rt: Runtime, paths: Sequence[str]) -> None:
    """Note the paths of our own pages, below `/h`."""
    forms = (_PARAMETER.sub("[A-Za-z0-9_.-]{1,80}", re.escape(path)) for path in paths)
    rt.shelf[_SHELF] = [re.compile(f"/h{form}") for form in forms]


def pages(rt: Runtime) -> Sequence[re.Pattern[str]]:
    """Return the forms of our own pages' paths."""
    found: Sequence[re.Pattern[str]] = rt.shelf.get(_SHELF, ())
    return found


async def findings(rt: Runtime, tx: AsyncConnection, campaign: Campaign) -> list[Finding]:
    """Return everything, errors first."""
    found = lint.check(campaign.draft, pages(rt), rt.settings.public_url)
    past = await queries.history(tx, campaign.id)
    now = campaign.digest
    if not any(one.verdict is Verdict.TESTED and one.digest == now for one in past):
        found.append(Finding("untested", "warn", "test"))
    again = await queries.doubles(tx, campaign, rt.clock.now())
    if again:
        found.append(Finding("double", "warn", "text", {"n": again}))
    return sorted(found, key=lambda one: one.severity != "error")
