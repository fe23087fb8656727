"""The form of a campaign: from a draft to fields, and back with a fault beside each wrong one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time

from bot.campaigns.draft import MASS, PURPOSES, Draft, Words
from bot.clock import GUANGZHOU
from bot.console.forms import Form
from bot.delivery.states import Channel
from bot.people.audience import Audience, Behaviour
from bot.people.audience_json import DAYS_MAX
from bot.people.audience_shape import CITY, ROLES, STAGES, codes, common
from bot.wechat.drafts import TITLE_MAX

#: How long a campaign may leave, minutes: an hour up to three days.
VALID = (60, 120, 240, 480, 1440, 4320)
PUSHING = tuple(c for c in Channel if c is not Channel.PULL)
_TEXT, _URL, _FIELDS = 1200, 500, 20
_LINE = re.compile(r"([a-z_]+[0-9]{1,3})\s*[=:：＝]\s*(.+)")  # noqa: RUF001 - typed either way
_DAYS = ("wrote_within_days", "silent_for_days", "followed_within_days")


def fields(draft: Draft) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the ticked and the typed values of a draft."""
    words, meant = draft.words, draft.audience
    at = draft.not_before.astimezone(GUANGZHOU) if draft.not_before else None
    typed = {
        "name": draft.name, "title": words.title, "text": words.text, "text_b": words.text_b,
        "target": words.target, "card": "1" if words.card else "",
        "description": words.description, "picture": words.picture, "template": words.template,
        "notice": "\n".join(f"{key}={value}" for key, value in words.notice.items()),
        "mass": words.mass, "author": words.author, "cover": words.cover,
        "publish": "1" if words.publish else "",
        "area": common(meant.areas), "purpose": draft.purpose,
        "urgent": "1" if draft.is_urgent else "", "public": "1" if draft.is_public else "",
        "day": at.date().isoformat() if at else "", "clock": f"{at:%H:%M}" if at else "",
        "valid": str(draft.valid_minutes), "keep": "" if is_plain(meant) else "1",
    }  # fmt: skip
    for name in _DAYS:
        value = getattr(meant.behaviours, name)
        typed[name] = str(value) if value else ""
    ticked = {
        "stages": list(meant.stages), "grades": list(meant.grades), "roles": list(meant.roles),
        "excluded": [channel.value for channel in draft.excluded],
    }  # fmt: skip
    return ticked, typed


def is_plain(meant: Audience) -> bool:
    """Say whether the form can show an audience whole."""
    did = meant.behaviours
    is_more = meant.features or meant.excluding or did.clicked or did.not_clicked
    return len(meant.areas) == 1 and not is_more


def read(
    form: Form, areas: Sequence[str], saved: Mapping[str, Audience], before: Draft | None
) -> Draft:
    """Return the draft of a form; faults stand beside its fields.

    `areas` are the nodes that may be chosen, `saved` the saved audiences by number; a
    correction keeps the people of `before`, and so does who ticked it.
    """
    is_correction = before is not None and before.kind == "correction"
    keeps = before is not None and (is_correction or bool(form.values.get("keep")))
    if before is not None and keeps:
        meant, area = before.audience, before.area
    else:
        meant, area = _audience(form, areas, saved)
    return Draft(
        name=form.text("name", most=60),
        words=_words(form),
        audience=meant,
        area=area,
        purpose=form.one_of("purpose", PURPOSES),
        excluded=frozenset(Channel(one) for one in form.some_of("excluded", PUSHING)),
        is_urgent=bool(form.values.get("urgent")),
        is_public=bool(form.values.get("public")) and not is_correction,
        not_before=_moment(form),
        valid_minutes=int(form.one_of("valid", [str(n) for n in VALID]) or VALID[1]),
        kind=before.kind if before else "campaign",
        corrects=before.corrects if before else None,
    )


def _words(form: Form) -> Words:
    mass = form.one_of("mass", MASS) or MASS[0]
    return Words(
        title=form.text("title", most=TITLE_MAX),
        text=form.text("text", most=_TEXT),
        text_b=form.text("text_b", most=_TEXT, needed=False),
        target=form.text("target", most=_URL, needed=False),
        card=bool(form.values.get("card")),
        description=form.text("description", most=120, needed=False),
        picture=form.text("picture", most=_URL, needed=False),
        template=form.text("template", most=64, needed=False),
        notice=_notice(form),
        mass=mass,
        author=form.text("author", most=16, needed=False),
        cover=form.text("cover", most=128, needed=False),
        publish=bool(form.values.get("publish")),
    )


def _notice(form: Form) -> dict[str, str]:
    """Return the fields of a notice: one a line, `thing1=…`."""
    found: dict[str, str] = {}
    for line in form.text("notice", most=_TEXT, needed=False).splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is None or len(found) >= _FIELDS:
            form.wrong("notice", "campaign.notice_line", line=line.strip()[:20])
        else:
            found[match[1]] = match[2].strip()
    return found


def _audience(
    form: Form, areas: Sequence[str], saved: Mapping[str, Audience]
) -> tuple[Audience, str]:
    chosen = form.values.get("saved", "")
    if chosen:
        if chosen not in saved:
            form.wrong("saved", "form.choose")
            return Audience(), CITY
        meant = saved[chosen]
        return meant, common(meant.areas)
    area = form.one_of("area", areas)
    did = {name: _days(form, name) for name in _DAYS}
    meant = Audience(
        areas=(area,),
        stages=form.some_of("stages", STAGES),
        grades=form.some_of("grades", codes()),
        roles=form.some_of("roles", ROLES),
        behaviours=Behaviour(**did),
    )
    return meant, area


def _days(form: Form, name: str) -> int | None:
    return form.whole(name, 1, DAYS_MAX) if form.values.get(name, "").strip() else None


def _moment(form: Form) -> datetime | None:
    """Return the instant of day and time in Beijing; None: at once."""
    begins = form.day("day", needed=False)
    clock = form.values.get("clock", "").strip()
    if begins is None:
        if clock:
            form.wrong("day", "form.missing")
        return None
    try:
        at = time.fromisoformat(clock)
    except ValueError:
        form.wrong("clock", "campaign.clock")
        return None
    return datetime.combine(begins, at.replace(tzinfo=None), GUANGZHOU).astimezone(UTC)
