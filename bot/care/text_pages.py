"""The texts of a crisis with their two signatures; a change of the words asks for both anew."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy import insert

from bot.care import text_names
from bot.console import audit
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.safety import signing
from bot.safety.rules import rules
from bot.safety.tables import signatures

SIGN = "texts.sign"
_NAME, _OFFICE = 40, 80
TABS = ("missing", "signed")
Signed = dict[str, dict[str, signing.Signature]]


async def show(visit: Visit) -> web.Response:
    """Show the texts of a tab, each with who stands for it."""
    return await _page(visit, visit.blank())


async def sign(visit: Visit) -> web.Response:
    """Note that a clinician or a lawyer stands for the words as they are shown."""
    form = await visit.form()
    known = signing.texts()
    ticked = form.some_of("text", known)
    groups = form.some_of("group", text_names.GROUPS)
    kind = form.one_of("kind", rules().signatures)
    name, office = form.text("name", most=_NAME), form.text("office", most=_OFFICE)
    async with visit.rt.db.write() as tx:
        given = await signing.signed(tx)
        wanted = [t for t in known if t in ticked or _lacks(t, groups, given[t].get(kind))]
        if form and not wanted:
            form.refuse("texts.none")
        others = {s.name for text in wanted for k, s in given[text].items() if k != kind}
        if form and name in others:
            form.wrong("name", "texts.same")
        if form:
            row = {"kind": kind, "staff": visit.actor.id, "name": name, "office": office}
            row["at"] = visit.now
            rows = [{**row, "text": t, "hash": signing.hash_of(known[t])} for t in wanted]
            await tx.execute(insert(signatures), rows)
            await audit.note(
                visit.rt, tx, visit.actor, "texts.signed", f"kind:{kind}", texts=list(wanted),
                name=name,
            )  # fmt: skip
    if not form:
        return await _page(visit, form)
    return visit.redirect("/crisis-texts", done="texts.done")


def _lacks(text: str, groups: tuple[str, ...], given: signing.Signature | None) -> bool:
    """Say whether a text of a ticked group waits for this signature."""
    return text_names.group_of(text) in groups and (given is None or given.is_stale)


async def _page(visit: Visit, form: Form) -> web.Response:
    tab = visit.query("tab") if visit.query("tab") in TABS else TABS[0]
    async with visit.rt.db.read() as tx:
        given = await signing.signed(tx)
    whole = {name for name, found in given.items() if signing.is_whole(found)}
    counts = {"missing": len(given) - len(whole), "signed": len(whole)}
    return visit.render(
        "care/texts.html",
        status=HTTPStatus.OK if form else HTTPStatus.UNPROCESSABLE_ENTITY,
        groups=_groups(visit, {n for n in given if (n in whole) == (tab == "signed")}, given),
        tab=tab,
        tabs=[(name, counts[name]) for name in TABS],
        kinds=[(kind, visit.text(f"texts.kind_{kind}")) for kind in rules().signatures],
        form=form,
    )


def _groups(visit: Visit, shown: set[str], given: Signed) -> list[tuple[str, str, list[Any]]]:
    """Return each group with its name and its rows: id, title, text, signatures."""
    rows: dict[str, list[Any]] = {group: [] for group in text_names.GROUPS}
    for name, text in signing.texts().items():
        if name in shown:
            row = name, text_names.title_of(name, visit.text), text_names.read(text), given[name]
            rows[text_names.group_of(name)].append(row)
    return [(group, _name(visit, group), found) for group, found in rows.items() if found]


def _name(visit: Visit, group: str) -> str:
    is_common = group == text_names.COMMON
    return visit.text("texts.common" if is_common else f"inbox.category_{group}")


async def badge(visit: Visit) -> int | None:
    """Return how many texts lack a signature."""
    async with visit.rt.db.read() as tx:
        return await signing.unsigned(tx) or None


PAGES: tuple[Page, ...] = (
    get("/crisis-texts", SIGN, show),
    post("/crisis-texts", SIGN, sign),
)
