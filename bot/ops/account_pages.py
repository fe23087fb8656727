"""Connect the official account: what to paste where, live checks, saved sealed, then in force."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.console import audit
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.ops import account, account_form, finding, platform_checks
from bot.ops.account_form import MODES, AccountFaulty
from bot.ops.finding import Finding

#: Fields of the form; the former Token and key are kept by themselves when one is changed.
FIELDS = ("account_id", "app_id", "app_secret", "token", "mode", "aes_key")


async def show(visit: Visit) -> web.Response:
    """Show the account as it is set; a secret is only said to be there."""
    held = await account.load(visit.rt)
    values = {name: "" if name in account.SECRET else held[name] for name in FIELDS}
    return await _page(visit, visit.blank(None, **values))


async def save(visit: Visit) -> web.Response:
    """Try out or save what was typed; an empty secret stays as it is."""
    form = await visit.form()
    held = await account.load(visit.rt)
    for name in FIELDS:  # a secret that was made here stands in a field of its own
        form.values[name] = next((v for v in form.lists.get(name, ()) if v.strip()), "").strip()
    given = {
        name: form.values[name]
        for name in FIELDS
        if name not in held.fixed and (form.values[name] or name not in account.SECRET)
    }
    if form.values.get("then") in ("new_token", "new_aes_key"):
        return await _made(visit, form)
    try:
        changed = account_form.check(held, given)
    except AccountFaulty as faulty:
        for name, key in faulty.faults.items():
            form.wrong(name, finding.sentence(key, {}, "zh"))
        return await _page(visit, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if form.values.get("then") == "try":
        return await _page(visit, form, await platform_checks.check(visit.rt, given))
    if not changed:
        return visit.redirect("/account", done="account.unchanged")
    async with visit.rt.db.write() as tx:
        await account.save(tx, visit.rt, changed, by=visit.actor.login)
        await audit.note(
            visit.rt, tx, visit.actor, "account.changed", "account", fields=sorted(changed)
        )
    await account.load(visit.rt)
    return visit.redirect("/account", done="account.saved")


async def _made(visit: Visit, form: Form) -> web.Response:
    """Fill in a random Token or key: nobody should invent one."""
    if form.values["then"] == "new_token":
        form.values["token"] = account.make_token()
    else:
        form.values["aes_key"] = account.make_aes_key()
    return await _page(visit, form)


async def _page(
    visit: Visit,
    form: Form,
    findings: list[Finding] | None = None,
    status: int = HTTPStatus.OK,
) -> web.Response:
    held = account.now(visit.rt)
    async with visit.rt.db.read() as tx:
        kept = {k.name: k for k in await account.kept(tx)}
    origin = visit.query("origin") or visit.rt.settings.console_origin or "https://"
    return visit.render(
        "ops/account.html",
        status=status,
        form=form,
        held={name: bool(held[name]) for name in FIELDS},
        fixed=held.fixed,
        missing=held.missing,
        unreadable=held.unreadable,
        kept=kept,
        modes=[(mode, visit.text(f"mode.{mode}")) for mode in reversed(MODES)],
        callback=account.callback_url(visit.rt, origin),
        findings=[(f, f.sentence("zh")) for f in findings or ()],
        # random values that were just made are shown once, to be copied
        fresh={n: form.values.get(n, "") for n in ("token", "aes_key")},
    )


PAGES: tuple[Page, ...] = (
    get("/account", "account.edit", show),
    post("/account", "account.edit", save),
)
