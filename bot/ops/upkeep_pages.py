"""Backups, jobs, and the settings as they are; nothing here changes a setting."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web
from pydantic import SecretStr

from bot.console import audit
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotFound
from bot.ops import backup as backing_up
from bot.ops import copies, jobs
from bot.settings import Settings

#: A job is late when it has not run for so many of its intervals.
_LATE = 3


async def backups(visit: Visit) -> web.Response:
    """List the backups."""
    return _backups(visit)


def _backups(visit: Visit, fault: str = "", status: int = HTTPStatus.OK) -> web.Response:
    form = visit.blank()
    form.fault = fault or None
    return visit.render(
        "ops/backups.html",
        status=status,
        form=form,
        backups=copies.listed(visit.rt.settings.data),
        keep=visit.rt.settings.backup_keep,
        is_sqlite=visit.rt.db.is_sqlite,
    )


async def make_backup(visit: Visit) -> web.Response:
    """Make a backup now, while the service runs."""
    try:
        made = await backing_up.backup(visit.rt)
    except InvalidInput as failed:
        fault = visit.text("backup.failed", reason=str(failed))
        return _backups(visit, fault, HTTPStatus.CONFLICT)
    async with visit.rt.db.write() as tx:
        await audit.note(
            visit.rt, tx, visit.actor, "backup.made", f"backup:{made.sha256[:12]}",
            size_bytes=made.size_bytes,
        )  # fmt: skip
    return visit.redirect("/backups", done="backup.made")


async def download(visit: Visit) -> web.StreamResponse:
    """Send a backup's file; it holds everything, so that it is audited."""
    wanted = visit.part("backup")
    found = next(
        (b for b in copies.listed(visit.rt.settings.data) if b.sha256[:12] == wanted), None
    )
    if found is None or not found.is_there:
        raise NotFound
    async with visit.rt.db.write() as tx:
        await audit.note(visit.rt, tx, visit.actor, "backup.downloaded", f"backup:{wanted}")
    name = found.path.name
    return web.FileResponse(
        found.path,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Type": "application/octet-stream",
        },
    )


async def show_jobs(visit: Visit) -> web.Response:
    """Show what the worker did last."""
    async with visit.rt.db.read() as tx:
        listed = await jobs.listed(tx)
        beat = await jobs.heartbeat(tx)
    late = {
        job.name
        for job in listed
        if (visit.now - job.last_started_at).total_seconds() > _LATE * job.every_s + 60
    }
    return visit.render("ops/jobs.html", jobs=listed, beat=beat, late=late)


async def settings(visit: Visit) -> web.Response:
    """Show the settings of this process; secrets only as given or not."""
    rows = [_setting(visit.rt.settings, name) for name in Settings.model_fields]
    return visit.render("ops/settings.html", rows=rows)


def _setting(given: Settings, name: str) -> tuple[str, str, bool, bool]:
    """Return name, value as text, whether it is a secret, and whether it was set."""
    value = getattr(given, name)
    is_secret = isinstance(value, SecretStr)
    text = str(bool(value.get_secret_value())) if is_secret else _harmless(name, str(value))
    return f"BOT_{name.upper()}", text, is_secret, name in given.model_fields_set


def _harmless(name: str, text: str) -> str:
    """Return a value without the password a database address may hold."""
    if name != "database_url" or "@" not in text:
        return text
    head, _, tail = text.rpartition("@")
    return f"{head.partition('://')[0]}://…@{tail}"


PAGES: tuple[Page, ...] = (
    get("/backups", "ops.read", backups),
    post("/backups", "ops.backup", make_backup),
    get("/backups/{backup}", "ops.backup", download),
    get("/jobs", "ops.read", show_jobs),
    get("/settings", "ops.read", settings),
)
