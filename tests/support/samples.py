"""One row of everything that has a page of its own, in Tianhe and about reading."""

import asyncio
import io
import re
from dataclasses import replace

from PIL import Image
from sqlalchemy import insert, select

from bot.awards import keys, serials, signing
from bot.campaigns import actions as campaigns
from bot.campaigns import ordering, reviewing
from bot.campaigns.draft import Draft, Words
from bot.campaigns.lint import Finding
from bot.curation import actions, gating
from bot.directory.tables import places
from bot.ops import backup
from bot.people import invitations, staff
from bot.people.actor import Grant
from bot.people.audience import Audience
from bot.school.certificate_tables import certificates
from bot.school.courses import dumps
from bot.week import photos
from knowledge.entry import Asking
from tests.support import world
from tests.support.office import CLASS, SCHOOL, TIANHE

TOPIC, OTHER_TOPIC = "study.reading", "media.game"
#: Stands in every row that is made, and so in nothing a stranger may read; places have no topic.
MARK, PLACE_MARK = "markxq7", "streetxq7"
ENTRY = f"{TOPIC}.{MARK}"
CODE = "MARKXQ70"
_AT = "2026-11-24 00:30:00.000000"
PARAMETER = re.compile(r"{(\w+)(?::[^}]*)?}")


async def person(office):
    return await office.account(f"{MARK}p", ("author", TIANHE, TOPIC), name=f"{MARK}人")


async def waiting_grant(office):
    number = await office.account(f"{MARK}g", ("author", TIANHE, TOPIC), name=f"{MARK}待")
    async with office.rt.db.write() as tx:
        grant, now = Grant("reviewer", TIANHE, TOPIC), office.clock.now()
        return await staff.propose(tx, number, grant, by=office.founder, now=now)


async def entry(office):
    """A draft of Tianhe; its gate's run and its publication are made of it."""
    editor = await office.staff(f"{MARK}e", ("editor", TIANHE, TOPIC), name=f"{MARK}编")
    like = next(e for e in world.small_base() if e.topic == TOPIC)
    made = replace(
        like, id=ENTRY, area=TIANHE, question=f"{MARK}孩子怎么办", summary=f"{MARK}摘要",
        similar=(Asking(f"{MARK}孩子怎么样", "plain"),), related=(), answer=f"{MARK}回答",
    )  # fmt: skip
    async with office.rt.db.write() as tx:
        await actions.create(office.rt, tx, await editor.actor(), made, actions.Change())
    return ENTRY


async def gate_run(office):
    (row,) = await office.rows("SELECT version FROM entry_revision WHERE entry = :e", e=ENTRY)
    return await gating.try_out(office.rt, None, {ENTRY: row["version"]})


async def publication(office):
    await office.change(
        "INSERT INTO publication (id, at, kind, note, before, after, by_name)"
        " VALUES (700007, '2026-11-24 01:00:00.000000', 'publish', '', 'a', 'b', 'x')"
    )
    await office.change(
        "INSERT INTO publication_change (publication, entry, old, new)"
        " VALUES (700007, :e, NULL, 'v')", e=ENTRY,
    )  # fmt: skip
    return 700007


async def one(_office):
    return 1


async def listed_place(office):
    """A station of the directory."""
    async with office.rt.db.read() as tx:
        code = await tx.scalar(select(places.c.code).where(places.c.code == MARK))
    if code is None:
        await office.change(
            "INSERT INTO place (id, code, name, kind, level, area, street, address, phones, hours,"
            " booking, fee, services, topics, audience, ages, languages, accessibility, operator,"
            " note, source_url, verified_by, status, revision, changed_at) VALUES (700007, :c, :n,"
            " 'station', 'street', :a, '', '', '', '', '', '', '', '', '', '', '', '', '', '', '',"
            " '', 'unverified', 1, :at)", c=MARK, n=f"{PLACE_MARK}服务站", a=TIANHE, at=_AT,
        )  # fmt: skip
    return MARK


async def saved(office):
    return (await backup.backup(office.rt)).sha256[:12]


async def place(office):
    """Mark a street, and invite somebody there who has not come yet."""
    await office.change(
        "UPDATE unit SET name = :n WHERE path = 'gz/tianhe/shifan'", n=f"{PLACE_MARK}街"
    )
    async with office.rt.db.write() as tx:
        now, grant = office.clock.now(), Grant("author", TIANHE, TOPIC)
        await invitations.make(tx, "invite", now=now, name=f"{MARK}客", grant=grant, by=1)


async def gap(office):
    """A question nobody answered, its record, and the gap it is in."""
    await office.change(
        "INSERT INTO decision (id, code, at, asker, text, intent, band, rule, base_version,"
        " probability, hits, area, stage, topic) VALUES (700007, :c, :at, '0000aaaa0007', :t,"
        " 'ask_question', 'decline', 'match', 'v', 0.1, '[]', :a, '', :topic)",
        c=CODE, at=_AT, t=f"{MARK}孩子不肯看书", a=TIANHE, topic=TOPIC,
    )  # fmt: skip
    await office.change(
        "INSERT INTO gap (id, title, state, topic, note, questions, askers, first_at, last_at,"
        " changed_at) VALUES (700007, :t, 'open', :topic, '', 1, 1, :at, :at, :at)",
        t=f"{MARK}孩子不肯看书", topic=TOPIC, at=_AT,
    )  # fmt: skip
    await office.change(
        "INSERT INTO gap_question (decision, gap, code, text, asker, area, reason, at)"
        " VALUES (700007, 700007, :c, :t, '0000aaaa0007', :a, 'declined', :at)",
        c=CODE, t=f"{MARK}孩子不肯看书", a=TIANHE, at=_AT,
    )  # fmt: skip
    return 700007


async def answer_id(_office):
    return CODE


async def ticket(office):
    """A parent who waits for a person; a colleague wishes to read the words."""
    await office.change(
        "INSERT INTO ticket (id, code, account, openid, asker, kind, category, severity, state,"
        " area, topic, stage, opened_at, note, last_parent_at, due_at, changed_at)"
        " VALUES (700007, :c, 'gh_city00000001', 'oMark', '0000aaaa0007', 'person', '', 0,"
        " 'waiting', :a, :topic, '', :at, '', :at, :at, :at)",
        c=f"{MARK}TK", a=TIANHE, topic=TOPIC, at=_AT,
    )  # fmt: skip
    await office.change(
        "INSERT INTO ticket_message (id, ticket, at, side, what, text)"
        " VALUES (700007, :c, :at, 'parent', '', :t)", c=f"{MARK}TK", at=_AT, t=f"{MARK}想找人聊聊",
    )  # fmt: skip
    return 700007


async def access(office):
    await office.change(
        "INSERT INTO text_access (id, ticket, staff, reason, asked_at, emergency)"
        " VALUES (700007, 700007, 1, :r, :at, FALSE)", r=f"{MARK}要了解情况", at=_AT,
    )  # fmt: skip
    return 700007


async def alarm(office):
    """A crisis in Tianhe that nobody has taken up."""
    await office.change(
        "INSERT INTO alarm (id, code, ticket, category, severity, rule, area, raised_at, last_at,"
        " times, level, due_at, changed_at, post_tries) VALUES (700007, 'MARKALARM', :t,"
        " 'self_harm', 2, 'self_harm.x', :a, :at, :at, 1, 0, :at, :at, 0)",
        t=f"{MARK}TK", a=TIANHE, at=_AT,
    )  # fmt: skip
    return 700007


async def slot(office):
    await office.change(
        "INSERT INTO duty_slot (id, area, severity, weekday, begins, ends, staff, place)"
        " VALUES (700007, '', 1, 0, 0, 1440, 1, 1)"
    )
    return 700007


async def hold(office):
    await office.change(
        "INSERT INTO legal_hold (id, account, openid, ticket, reason, placed_at, until, message)"
        " VALUES (700007, 'gh_city00000001', 'oMark', :t, 'abuse', :at, :at, '')",
        t=f"{MARK}TK", at=_AT,
    )  # fmt: skip
    return 700007


async def calendar_entry(office):
    """A day of the whole city: it belongs to no place."""
    await office.change(
        "INSERT INTO calendar_day (id, kind, first, last, name, source, reviewed_on, revision,"
        " changed_at) VALUES (700007, 'workday_off', '2026-11-25', '2026-11-25', '停课', 'x',"
        " '2026-11-24', 1, :at)", at=_AT,
    )  # fmt: skip
    return 700007


async def line(_office):
    return "12356"


async def audience(office):
    """A saved audience of Tianhe."""
    await office.change(
        "INSERT INTO audience (id, name, area, version, changed_at, changed_by)"
        " VALUES (700007, :n, :a, 1, :at, 1)", n=f"{MARK}受众", a=TIANHE, at=_AT,
    )  # fmt: skip
    await office.change(
        "INSERT INTO audience_version (id, audience, number, name, area, definition, excluded, at,"
        " by, by_name) VALUES (700007, 700007, 1, :n, :a, :d, '', :at, 1, 'x')",
        n=f"{MARK}受众", a=TIANHE, d='{"areas": ["gz/tianhe"]}', at=_AT,
    )  # fmt: skip
    return 700007


async def surge(office):
    """Many ask the same in Tianhe; their words are those of the gap's question."""
    await office.change(
        "INSERT INTO surge (id, area, state, topic, samples, count, askers, usual, first_at,"
        " last_at, note) VALUES (700007, :a, 'open', :topic, '[700007]', 214, 200, 1.0, :at, :at,"
        " :n)", a=TIANHE, topic=TOPIC, at=_AT, n=f"{MARK}说明",
    )  # fmt: skip
    await office.change(
        "INSERT INTO hot_topic (id, day, area, place, topic, samples, count, before, askers)"
        " VALUES (700007, '2026-11-24', :a, 1, :topic, '[700007]', 40, 2, 30)",
        a=TIANHE, topic=TOPIC,
    )  # fmt: skip
    return 700007


async def pin(office):
    """A pinned answer of Tianhe that waits for its approval."""
    like = next(e for e in world.small_base() if e.topic == TOPIC)
    made = replace(
        like, id=f"{TOPIC}.pinned-700007", area=TIANHE, question=f"{MARK}停课吗",
        summary=f"{MARK}停课", owner=f"{MARK}人", similar=(), related=(), answer=f"{MARK}没有停课",
    )  # fmt: skip
    await office.change(
        "INSERT INTO pinned_answer (id, area, topic, content, version, hours, surge, state,"
        " revision, authors, made_by_name, changed_at, approved_by_name, note) VALUES (700007, :a,"
        " :topic, :c, :v, 24, 700007, 'draft', 1, '[1]', :n, :at, '', '')",
        a=TIANHE, topic=TOPIC, c=made.to_json(), v=made.version, n=f"{MARK}人", at=_AT,
    )  # fmt: skip
    return 700007


async def question(office):
    """A golden question about the entry."""
    await office.change(
        "INSERT INTO golden_question (id, text, expected, style, topic, source, active, at)"
        " VALUES (7007, :t, :e, 'plain', :topic, 'console', TRUE, :at)",
        t=f"{MARK}孩子不爱看书", e=f'["{ENTRY}"]', topic=TOPIC, at=_AT,
    )  # fmt: skip
    return 7007


async def campaign(office, form="a"):
    """A campaign for the parents of Tianhe, submitted; nobody is in its audience."""
    login = f"{MARK}c{form}"
    editor = await office.staff(login, ("operator", TIANHE, ""), name=f"{MARK}运")
    words = Words(title=f"{MARK}公开课", text=f"{MARK}欢迎来听")
    draft = Draft(f"{MARK}活动", words, Audience(areas=(TIANHE,)), TIANHE)
    async with office.rt.db.write() as tx:
        given = (office.rt, tx, await editor.actor())
        number = await campaigns.create(*given, draft, form * 24)
        kept = Finding("untested", "warn", "test")
        await reviewing.submit(*given, number, editor.id, "还没有试发手机", [kept])
    return number


async def ordered_campaign(office):
    """Another one, ordered behind the approval's back."""
    number = await campaign(office, "b")
    await office.change("UPDATE campaign SET state = 'approved' WHERE id = :n", n=number)
    async with office.rt.db.write() as tx:
        await ordering.place(office.rt, tx, number)
    return number


async def week(office):
    """A plan of Tianhe for a year that is far away, with an entry, a question and a text."""
    await office.change(
        "INSERT INTO week_plan (id, year, area, state, revision, made_at, made_by)"
        " VALUES (700007, 2090, :a, 'frozen', 1, :at, 1)", a=TIANHE, at=_AT,
    )  # fmt: skip
    await office.change(
        "INSERT INTO week_item (id, plan, day, kind, title, text, theme, channel, about)"
        " VALUES (700007, 700007, 0, 'theme', :t, '', '', '', '')", t=f"{MARK}主题",
    )  # fmt: skip
    await office.change(
        "INSERT INTO week_text (id, item, title, text, asked_at, asked_by, asked_name)"
        " VALUES (700007, 700007, :t, '', :at, 1, '')", t=f"{MARK}新主题", at=_AT,
    )  # fmt: skip
    await office.change(
        "INSERT INTO week_question (id, plan, day, text, options, answer, why)"
        " VALUES (700007, 700007, 0, :t, '[\"甲\", \"乙\"]', 0, '')", t=f"{MARK}题目",
    )  # fmt: skip
    return 700007


async def of_week(_office):
    return 700007


async def talk(office):
    await office.change(
        "INSERT INTO live_talk (id, year, area, title, speaker, platform, url, starts_at,"
        " replay_url, state, revision, changed_at, changed_by) VALUES (700007, 2090, :a, :t, '',"
        " '视频号', 'https://live.example.cn', '2090-05-08 11:30:00.000000', '', 'open', 1,"
        " :at, 1)",
        a=TIANHE, t=f"{MARK}直播", at=_AT,
    )  # fmt: skip
    return 700007


async def story(office):
    """A story of Tianhe that waits, with a photo."""
    await office.change(
        "INSERT INTO wall_post (id, code, account, openid, year, area, title, story, name, consent,"
        " sent_at, state, doubts, reason) VALUES (700007, :c, 'gh_city00000001', 'oMark', 2090, :a,"
        " :t, :t, '', '2026-11-30', :at, 'waiting', 'photo', '')",
        c=f"{MARK}WP", a=TIANHE, t=f"{MARK}传家宝", at=_AT,
    )  # fmt: skip
    await _photo(office, "a" * 32, post=700007)
    return 700007


async def card(office):
    await office.change(
        "INSERT INTO case_card (id, code, year, area, title, who, what, result, evidence, brief,"
        ' "full", revision, changed_at, changed_by, changed_name) VALUES (700007, :c, 2090, :a, :t,'
        " '', '', '', '', '', '', 1, :at, 1, '')", c=f"{MARK}CC", a=TIANHE, t=f"{MARK}案例", at=_AT,
    )  # fmt: skip
    await _photo(office, "b" * 32, card=700007)
    return 700007


async def course(office):
    """A course of Tianhe in a draft and a version before it; its lessons are those of the seed."""
    from tests.support.school import course as seeded

    like = seeded()
    lessons = tuple(replace(one, title=f"{MARK}{n}课") for n, one in enumerate(like.lessons))
    made = replace(like, id=MARK, title=f"{MARK}课程", lessons=lessons)
    await office.change(
        "INSERT INTO course (id, title, area, version, created_at) VALUES (:i, :t, :a, 1, :at)",
        i=MARK, t=made.title, a=TIANHE, at=_AT,
    )  # fmt: skip
    for number, state in ((1, "published"), (2, "review")):
        await office.change(
            "INSERT INTO course_version (course, number, state, content, made_by, made_at, note)"
            " VALUES (:i, :n, :s, :c, 1, :at, '')",
            i=MARK, n=number, s=state, c=dumps(made), at=_AT,
        )  # fmt: skip
    return MARK


async def course_lesson(_office):
    return "01-start-time"


async def _photo(office, name, *, post=0, card=0):
    made = await asyncio.to_thread(photos.draw, picture())
    path = office.rt.settings.data / "wall" / f"{name}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.content)
    await office.change(
        "INSERT INTO week_photo (name, post, card, position, width, height, at)"
        " VALUES (:n, :p, :c, 0, 64, 64, :at)", n=name, p=post, c=card, at=_AT,
    )  # fmt: skip


async def certificate(office):
    """A certificate that somebody wants revoked."""
    serial = f"GZ-2026-111111{serials.check(2026, '111111')}"
    now = office.clock.now()
    async with office.rt.db.write() as tx:
        signer = await keys.signer(office.rt, tx)
        snapshot = signing.canonical({
            "about": "x", "hours": "6", "issued": "2026-11-24", "issuer": "x", "key": signer.id,
            "minutes": 270, "name": "", "period": "2026-2027", "rule": "star-1", "rules": "x",
            "serial": serial, "template": 1, "text": f"{MARK}学完", "title": f"{MARK}证", "url": "",
        })  # fmt: skip
        await tx.execute(insert(certificates).values(
            serial=serial, account="gh_city00000001", openid="oMark", rule="star-1",
            period="2026-2027", snapshot=snapshot, signature=signing.sign(signer.private, snapshot),
            key=signer.id, template=1, issued_at=now, settled_at=now, asked_at=now, asked_by=1,
            reason=f"{MARK}弄错了",
        ))  # fmt: skip
    return serial


def picture(kind="PNG", size=(64, 64), **more):
    """Return the bytes of a picture of one colour."""
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **more)
    return made.getvalue()


async def story_photo(_office):
    return "a" * 32


async def card_photo(_office):
    return "b" * 32


async def session(office):
    """A session of Tianhe that is on; its digits stand in no mark."""
    await office.change(
        "INSERT INTO session (id, code, area, kind, programme, title, text, place, starts_at,"
        " ends_at, capacity, minutes, early, late, secret, spoken, state, revision, made_at)"
        " VALUES (700007, :c, :a, 'onsite', '', :t, '', 'x', '2090-05-08 11:30:00.000000',"
        " '2090-05-08 12:30:00.000000', 0, 60, 30, 15, 's', '1705', 'open', 1, :at)",
        c=MARK, a=TIANHE, t=f"{MARK}现场课", at=_AT,
    )  # fmt: skip
    return 700007


async def term(office):
    """A term plan of the school in Tianhe, with an entry."""
    await office.change(
        "INSERT INTO term_plan (id, area, title, first, last, state, revision, made_at, made_by)"
        " VALUES (700007, :a, :t, '2090-09-01', '2091-01-20', 'draft', 1, :at, 1)",
        a=SCHOOL, t=f"{MARK}学期", at=_AT,
    )  # fmt: skip
    await office.change(
        "INSERT INTO term_item (id, plan, kind, day, last, minutes, title, place, course, lesson)"
        " VALUES (700007, 700007, 'visits', '2090-10-09', '2090-10-20', 0, :t, '', '', '')",
        t=f"{MARK}家访月",
    )  # fmt: skip
    return 700007


async def of_term(_office):
    return 700007


async def home_visit(office):
    """A visit of a class in Tianhe; its slot is another teacher's, who alone opens it."""
    await office.change(
        "INSERT INTO visit_slot (id, code, area, staff, form, starts_at, minutes, place, state,"
        " made_at) VALUES (700007, :c, :a, 1, 'school', :at, 20, :p, 'open', :at)",
        c=f"{MARK}slot", a=CLASS, p=f"{MARK}接待室", at=_AT,
    )  # fmt: skip
    await office.change(
        "INSERT INTO home_visit (id, code, slot, area, account, openid, topics, state, booked_at)"
        " VALUES (700007, :c, 700007, :a, 'gh_city00000001', 'oMark', 'study', 'done', :at)",
        c=f"{MARK}visit", a=CLASS, at=_AT,
    )  # fmt: skip
    return 700007


#: What makes a row for a parameter, by `first step of the path / parameter`. A feature with a
#: parameter of its own adds a line here. None: one's own, or of no place; tested where it is.
PROVIDERS = {
    "me/session": None,
    "staff/person": person,
    "staff/grant": waiting_grant,
    "entries/entry": entry,
    "entries/revision": one,
    "publish/run": gate_run,
    "publications/publication": publication,
    "imports/import": None,
    "calendar/entry": calendar_entry,
    "directory/place": listed_place,
    "directory-imports/run": None,
    "audiences/audience": audience,
    "roster/run": None,
    "golden/question": None,
    "backups/backup": saved,
    "gaps/gap": gap,
    "surges/surge": surge,
    "pinned/pin": pin,
    "answers/code": answer_id,
    "inbox/ticket": ticket,
    "inbox/grant": access,
    "duty/alarm": alarm,
    "duty/slot": slot,
    "holds/hold": hold,
    "hotlines/number": line,
    "campaigns/campaign": campaign,
    "sent/campaign": ordered_campaign,
    "sessions/session": session,
    "week/plan": week,
    "week/item": of_week,
    "week/text": of_week,
    "week/question": of_week,
    "week/talk": talk,
    "week/post": story,
    "week/photo": story_photo,
    "week/card": card,
    "week/image": card_photo,
    "courses/course": course,
    "courses/version": one,
    "courses/lesson": course_lesson,
    "certificates/serial": certificate,
    "terms/plan": term,
    "term-items/item": of_term,
    "visit-slots/slot": None,
    "visits/visit": home_visit,
    "visit-records/visit": of_term,
}


def keys_of(path):
    """Return the providers a page needs."""
    return [f"{path.split('/')[1]}/{name}" for name in PARAMETER.findall(path)]


async def make_all(office):
    """Make one row of everything; returns what stands in the paths, by provider."""
    await place(office)
    used = {key for page in office.pages for key in keys_of(page.path)}
    return {key: await make(office) for key, make in PROVIDERS.items() if make and key in used}


def filled(path, made):
    """Return a path with its parameters filled."""
    values = iter([made.get(key, "x") for key in keys_of(path)])
    return PARAMETER.sub(lambda _: str(next(values)), path)
