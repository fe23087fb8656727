"""Followers, tags, console calls."""


async def test_a_follower_has_a_card_without_a_name(sandbox):
    phone = await sandbox.api("/phones", {})
    await sandbox.act(phone, "follow", scene="12")
    card = (await sandbox.wx("/cgi-bin/user/info/batchget", {"user_list": [phone]}))[
        "user_info_list"
    ][0]
    assert (card["subscribe"], card["qr_scene"]) == (1, 12)
    assert "nickname" not in card
    await sandbox.act(phone, "unfollow")
    token = await sandbox.token()
    left = await sandbox.raw(
        "GET", "/cgi-bin/user/info", access_token=token, openid=phone["openid"]
    )
    assert left == {"subscribe": 0, "openid": phone["openid"]}


async def test_followers_come_in_pages_and_the_last_has_no_data(sandbox):
    await sandbox.api("/settings", {"user_page": 2})
    openids = [(await sandbox.phone(str(n)))["openid"] for n in range(3)]
    token = await sandbox.token()

    async def page(after):
        return await sandbox.raw("GET", "/cgi-bin/user/get", access_token=token, next_openid=after)

    first = await page("")
    assert (first["total"], first["data"]["openid"]) == (3, openids[:2])
    second = await page(first["next_openid"])
    assert second["data"]["openid"] == openids[2:]
    assert "data" not in await page(second["next_openid"])


async def test_tags_are_made_given_and_taken(sandbox):
    phone = await sandbox.phone()
    tag = (await sandbox.wx("/cgi-bin/tags/create", {"tag": {"name": "越秀"}}))["tag"]
    assert (await sandbox.wx("/cgi-bin/tags/create", {"tag": {"name": "越秀"}}))["errcode"] == 45157
    both = {"openid_list": [phone["openid"]], "tagid": tag["id"]}
    await sandbox.wx("/cgi-bin/tags/members/batchtagging", both)
    assert (await sandbox.wx("/cgi-bin/tags/get"))["tags"][0]["count"] == 1
    assert (await sandbox.wx("/cgi-bin/tags/getidlist", phone))["tagid_list"] == [tag["id"]]
    await sandbox.wx("/cgi-bin/tags/members/batchuntagging", both)
    assert (await sandbox.wx("/cgi-bin/user/tag/get", {"tagid": tag["id"]}))["count"] == 0


async def test_tag_rules_have_their_codes(sandbox):
    async def code(path, body):
        return (await sandbox.wx(f"/cgi-bin/tags/{path}", body))["errcode"]

    assert await code("create", {"tag": {"name": "长" * 31}}) == 45158
    assert await code("delete", {"tag": {"id": 2}}) == 45058
    assert await code("update", {"tag": {"id": 999, "name": "x"}}) == 45159
    assert await code("members/batchtagging", {"openid_list": [], "tagid": 1}) == 45058


async def test_the_network_check_knows_its_words(sandbox):
    good = await sandbox.wx("/cgi-bin/callback/check", {"action": "all"})
    assert good["dns"]
    assert good["ping"]
    bad = await sandbox.wx("/cgi-bin/callback/check", {"action": "jump"})
    assert bad["errcode"] == 40202


async def test_a_tag_with_very_many_followers_cannot_be_deleted(sandbox):
    tag = (await sandbox.wx("/cgi-bin/tags/create", {"tag": {"name": "家长"}}))["tag"]
    await sandbox.api("/followers", {"count": 3, "tag_ids": [tag["id"]]})
    await sandbox.api("/settings", {"tag_delete_max": 2})
    assert (await sandbox.wx("/cgi-bin/tags/delete", {"tag": tag}))["errcode"] == 45057
    await sandbox.api("/settings", {"tag_delete_max": 3})
    assert (await sandbox.wx("/cgi-bin/tags/delete", {"tag": tag}))["errcode"] == 0
