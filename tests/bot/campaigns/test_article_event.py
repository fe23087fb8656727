"""The platform tells through the webhook that an article is out; nobody has to ask for it."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from bot import app
from bot.campaigns.article_tables import articles
from bot.wechat.drafts import DraftArticle
from tests.support import world
from tests.support.samples import picture
from tests.support.waiting import until


@pytest.mark.parametrize(("status", "stage"), [(0, "published"), (4, "refused")])
async def test_the_event_of_a_publication_finds_its_campaign(settings, status, stage):
    async with world.City.open(settings) as city:
        platform = city.platform
        platform.config = replace(platform.config, publish_delay_s=0.3, publish_status=status)
        async with app.opened(city.settings) as rt, app.reachable(rt):
            gateway = await rt.connect()
            cover, _ = await gateway.add_material("image", picture(), "cover.png")
            media = await gateway.add_draft([DraftArticle("公开课", "<p>周六见。</p>", cover)])
            row = {
                "campaign": 7, "digest": "d", "stage": "publishing", "media": media,
                "publish_id": await gateway.publish(media), "article_id": "", "url": "",
                "status": 0, "tries": 0, "next_at": rt.clock.now(),
            }  # fmt: skip
            async with rt.db.write() as tx:
                await tx.execute(insert(articles).values(row))

            async def is_told():
                (found,) = await city.rows("SELECT stage FROM campaign_article")
                return found["stage"] == stage

            await until(is_told)
            (found,) = await city.rows("SELECT url, article_id, status FROM campaign_article")
            assert found["status"] == status
            assert bool(found["article_id"]) is (status == 0)
            assert ("/s/" in found["url"]) is (status == 0)
