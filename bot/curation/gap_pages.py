"""The queue of questions without an answer, and what can be done with each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.curation import gap_queries, gap_view, gaps, queries, shown, waiting
from bot.curation.gap_queries import SORTS, Gap, Wanted
from bot.curation.gap_rows import ALIVE, GapState
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.library import find

_STATES = (GapState.OPEN, GapState.ASSIGNED, GapState.SOLVED, GapState.DISMISSED)


async def listed(visit: Visit) -> web.Response:
    """Show the gaps that fit the filters, what is asked most first."""
    wanted = _wanted(visit)
    async with visit.rt.db.read() as tx:
        page = Pager.of(visit, await gap_queries.count(tx, visit.actor, wanted))
        rows = await gap_queries.listed(
            tx, visit.actor, wanted, visit.now, offset=page.offset, limit=page.size
        )
        counts = await gap_queries.counts_by_state(tx, visit.actor)
        districts = await gap_queries.districts(tx, visit.actor, [r.id for r in rows])
        names = await gap_queries.names(tx, [r.assignee for r in rows if r.assignee])
    return visit.render(
        "curation/gaps.html", rows=rows, page=page, counts=counts, wanted=wanted, names=names,
        districts=districts, topics=shown.topics(), tops=shown.tops(), states=_STATES, sorts=SORTS,
    )  # fmt: skip


def _wanted(visit: Visit) -> Wanted:
    state, sort = visit.query("state", GapState.OPEN), visit.query("sort")
    return Wanted(
        state=state if state in _STATES else "",
        topic=visit.query("topic"),
        words=visit.query("q"),
        mine=visit.actor.id if visit.query("mine") else None,
        sort=sort if sort in SORTS else SORTS[0],
    )


async def show(visit: Visit) -> web.Response:
    """Show a gap; one that was merged leads on to where its questions are."""
    try:
        return await _page(visit, visit.blank())
    except NotFound:
        async with visit.rt.db.read() as tx:
            into = await gap_queries.merged_into(tx, visit.number("gap"))
        if into is None:
            raise
        return visit.redirect(f"/gaps/{into}")


async def _page(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(visit.rt, connection))
        gap = await gap_queries.one(tx, visit.actor, visit.number("gap"))
        members = await gap_queries.members(tx, visit.actor, gap)
        texts = [gap.title, *(q.text for q in members)]
        context: dict[str, Any] = {
            "near": await gap_view.nearest(visit.rt, tx, visit.actor, list(dict.fromkeys(texts))),
            "areas": await shown.area_names(tx, visit, {q.area for q in members}),
            "names": await gap_queries.names(tx, [gap.assignee] if gap.assignee else []),
            "waiting": await waiting.count(tx, visit.actor, gap.id),
            "further": await gap_queries.reaches_further(tx, visit.actor, gap),
            "colleagues": [],
            "alike": [],
        }
        if gap.state in ALIVE and visit.may("gaps.work"):
            context["colleagues"] = await gap_queries.colleagues(tx, gap)
            context["alike"] = await gap_view.alike(visit.rt, tx, visit.actor, gap)
    return visit.render(
        "curation/gap.html", status=status, form=form, gap=gap, members=members,
        topics=shown.topics(), topic_options=shown.topic_options(),
        is_alive=gap.state in ALIVE, **context,
    )  # fmt: skip


async def _act(
    visit: Visit, done: str, action: Callable[..., Awaitable[Any]], *given: object
) -> web.Response:
    """Do one thing with the gap; a refusal is said on its page."""
    number = visit.number("gap")
    try:
        async with visit.rt.db.write() as tx:
            await action(visit.rt, tx, visit.actor, number, *given)
    except (InvalidInput, NotAllowed) as refused:
        return await _refused(visit, refused)
    return visit.redirect(f"/gaps/{number}", done=done)


async def _refused(visit: Visit, refused: InvalidInput | NotAllowed) -> web.Response:
    form = await visit.form()
    known = str(refused) in visit.renderer.messages
    form.refuse(str(refused) if known else "entry.outside")
    return await _page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _faulty(visit: Visit, form: Form) -> web.Response:
    return await _page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def assign(visit: Visit) -> web.Response:
    """Give the gap to a colleague."""
    form = await visit.form()
    person = form.whole("person", 1, 10**8)
    topic = form.one_of("topic", ["", *shown.topics()])
    if not form:
        return await _faulty(visit, form)
    return await _act(visit, "gap.assigned", gaps.assign, person, topic)


async def merge(visit: Visit) -> web.Response:
    """Put the gap's questions into another gap."""
    form = await visit.form()
    into = form.whole("chosen" if form.values.get("chosen") else "into", 1, 10**8)
    if not form:
        return await _faulty(visit, form)
    answer = await _act(visit, "gap.merged", gaps.merge, into)
    is_done = answer.status == HTTPStatus.SEE_OTHER
    return visit.redirect(f"/gaps/{into}", done="gap.merged") if is_done else answer


async def move(visit: Visit) -> web.Response:
    """Take a question out into a gap of its own."""
    form = await visit.form()
    question = form.values.get("question", "")
    number = int(question) if question.isascii() and question.isdigit() else 0
    return await _act(visit, "gap.moved", gaps.move_out, number)


async def dismiss(visit: Visit) -> web.Response:
    """Close the gap without an answer."""
    form = await visit.form()
    why = form.text("why", most=gaps.NOTE_MAX)
    if not form:
        return await _faulty(visit, form)
    return await _act(visit, "gap.dismissed", gaps.dismiss, why)


async def reopen(visit: Visit) -> web.Response:
    """Take the gap up again."""
    return await _act(visit, "gap.reopened", gaps.reopen)


async def link(visit: Visit) -> web.Response:
    """Say that an entry answers the gap."""
    form = await visit.form()
    entry = _entry(form)
    if not form:
        return await _faulty(visit, form)
    try:
        return await _act(visit, "gap.linked", gaps.link, entry)
    except NotFound:
        return await _unknown(visit, form)


async def look(visit: Visit) -> web.Response:
    """Show what the picked questions hit now, before they become ways of asking of an entry."""
    form = await visit.form()
    entry, picked = _entry(form), _picked(form)
    if not form:
        return await _faulty(visit, form)
    async with visit.rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(visit.rt, connection))
        gap = await gap_queries.one(tx, visit.actor, visit.number("gap"), "gaps.work")
        members = await gap_queries.members(tx, visit.actor, gap)
        try:
            working = await queries.row(tx, visit.actor, entry, "entries.edit")
        except NotFound:
            working = None
    if working is None:
        return await _unknown(visit, form)
    chosen = [q for q in members if q.decision in picked]
    phrases = await gap_view.phrases(visit.rt, chosen)
    return visit.render("curation/gap_attach.html", gap=gap, working=working, phrases=phrases)


async def attach(visit: Visit) -> web.Response:
    """Add the picked questions to the entry's draft."""
    form = await visit.form()
    entry, picked = _entry(form), _picked(form)
    if not form:
        return await _faulty(visit, form)
    try:
        return await _act(visit, "gap.attached", gaps.attach, entry, picked)
    except NotFound:
        return await _unknown(visit, form)


async def draft(visit: Visit) -> web.Response:
    """Begin a new entry and open its editor."""
    form = await visit.form()
    topic = form.one_of("topic", shown.topics())
    summary = form.text("summary", most=40)
    if not form:
        return await _faulty(visit, form)
    async with visit.rt.db.read() as tx:
        gap: Gap = await gap_queries.one(tx, visit.actor, visit.number("gap"), "gaps.work")
    answer = visit.text("gap.draft_answer")
    entry = gap_view.begun(gap, topic, summary, visit.actor, answer, visit.today)
    answered = await _act(visit, "gap.drafted", gaps.draft, entry)
    if answered.status != HTTPStatus.SEE_OTHER:
        return answered
    return visit.redirect(f"/entries/{entry.id}", done="gap.drafted")


def _entry(form: Form) -> str:
    """Return the entry that was chosen from the list, or typed."""
    if not form.values.get("other", "").strip():
        return form.text("entry", most=128)
    return form.text("other", most=128)


def _picked(form: Form) -> set[int]:
    listed = form.lists.get("question", [])
    found = {int(n) for n in listed if n.isascii() and n.isdigit() and len(n) < 19}  # noqa: PLR2004
    if not found:
        form.wrong("question", "gap.pick")
    return found


async def _unknown(visit: Visit, form: Form) -> web.Response:
    form.wrong("other", "gap.no_entry")
    return await _faulty(visit, form)


PAGES: tuple[Page, ...] = (
    get("/gaps", "gaps.read", listed),
    get("/gaps/{gap}", "gaps.read", show),
    post("/gaps/{gap}/assign", "gaps.work", assign),
    post("/gaps/{gap}/merge", "gaps.work", merge),
    post("/gaps/{gap}/move", "gaps.work", move),
    post("/gaps/{gap}/dismiss", "gaps.work", dismiss),
    post("/gaps/{gap}/reopen", "gaps.work", reopen),
    post("/gaps/{gap}/link", "gaps.work", link),
    post("/gaps/{gap}/look", "gaps.work", look),
    post("/gaps/{gap}/attach", "gaps.work", attach),
    post("/gaps/{gap}/draft", "gaps.work", draft),
)
