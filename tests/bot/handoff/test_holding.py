"""A legal hold beats the parent's deletion, time, and leaving; it ends on its day or is lifted."""

from bot.handoff import erasing, jobs
from bot.people import holding
from bot.profile import jobs as profile_jobs
from bot.wechat import events
from tests.support.desk import FATHER, MOTHER
from tests.support.world import ACCOUNT

ABUSE = "有人正在打孩子，快打死了"
PLAIN = "孩子写作业总是拖拉怎么办"


async def words(desk, who=MOTHER):
    rows = await desk.rows("SELECT content FROM inbox WHERE openid = :o ORDER BY id", o=who)
    return [r["content"] for r in rows if r["content"]]


async def ticket(desk, who=MOTHER):
    (row,) = await desk.rows("SELECT * FROM ticket ORDER BY id")
    return row


async def cried_and_erased(desk):
    await desk.says(PLAIN)
    await desk.says(ABUSE)
    await desk.says("1")
    await desk.says("删除我的资料")
    await desk.says("确认删除")


async def test_deletion_spares_the_ticket_and_the_one_message(each_desk):
    desk = each_desk
    await cried_and_erased(desk)
    assert await words(desk) == [ABUSE]
    assert (await ticket(desk))["openid"] == MOTHER
    (hold,) = await desk.rows("SELECT * FROM legal_hold")
    assert hold["erase_asked_at"] is not None
    assert await desk.rows("SELECT 1 FROM conversation") == []
    async with desk.rt.db.read() as tx:
        found = (await tx.execute(holding.of(ACCOUNT, MOTHER, desk.clock.now()))).one()
    assert found.standing == 1
    assert (found.until - desk.clock.now()).days == 1095


async def test_the_hold_and_the_deletion_may_come_in_one_batch(each_desk):
    desk = each_desk
    await desk.says(PLAIN)
    await desk.gets(desk.words(ABUSE), desk.event(events.Unsubscribe))
    assert await words(desk) == [ABUSE]
    assert (await ticket(desk))["openid"] == MOTHER


async def test_without_a_hold_everything_goes(each_desk):
    desk = each_desk
    await desk.says("孩子说不想活了")
    await desk.says("2")
    await desk.gets(desk.event(events.Unsubscribe))
    assert await words(desk) == []
    assert (await ticket(desk))["openid"] == ""


async def test_another_parent_is_not_spared(each_desk):
    desk = each_desk
    await desk.says(ABUSE)
    await desk.says(PLAIN, who=FATHER)
    await desk.gets(desk.event(events.Unsubscribe, who=FATHER))
    assert await words(desk, FATHER) == []


async def test_time_does_not_delete_what_is_held(each_desk):
    desk = each_desk
    await cried_and_erased(desk)
    desk.clock.turn(days=200)
    await profile_jobs.forget_old(desk.rt)
    await jobs.forget_old(desk.rt)
    await erasing.finish_erasing(desk.rt)
    assert await words(desk) == [ABUSE]
    assert (await ticket(desk))["openid"] == MOTHER


async def test_the_deletion_goes_on_when_the_hold_ends(each_desk):
    desk = each_desk
    await cried_and_erased(desk)
    assert await erasing.finish_erasing(desk.rt) == 0
    desk.clock.turn(days=1096)
    assert await erasing.finish_erasing(desk.rt) == 1
    assert await words(desk) == []
    for table in ("ticket", "legal_hold"):
        assert await desk.rows(f"SELECT 1 FROM {table} WHERE openid <> ''") == []
    assert await erasing.finish_erasing(desk.rt) == 0


async def test_a_second_hold_on_the_ticket_goes_on(each_desk):
    desk = each_desk
    await desk.says(ABUSE)
    await desk.says("1")
    await desk.says(ABUSE)
    await desk.says("3")  # that one was a slip
    await desk.gets(desk.event(events.Unsubscribe))
    assert (await ticket(desk))["openid"] == MOTHER
    desk.clock.turn(days=1096)
    assert await erasing.finish_erasing(desk.rt) >= 1
    assert (await ticket(desk))["openid"] == ""


async def test_what_is_not_wished_gone_is_left_to_time(each_desk):
    desk = each_desk
    await desk.says(ABUSE)
    desk.clock.turn(days=1096)
    assert await erasing.finish_erasing(desk.rt) == 0
    await profile_jobs.forget_old(desk.rt)
    assert await words(desk) == []
