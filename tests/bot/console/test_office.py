"""The tests' own office: a colleague is logged in, a visitor is not."""

from tests.support.office import CLASS


async def test_a_colleague_is_in_and_a_visitor_is_sent_to_the_login(each_office):
    colleague = await each_office.staff("chen", ("editor", "gz/tianhe", ""))
    assert (await colleague.get("/me")).status == 200
    turned = await each_office.visitor().get("/me")
    assert (turned.status, turned.location) == (303, "/console/login?next=%2Fconsole%2Fme")


async def test_the_units_stand_in_the_tree(each_office):
    await each_office.units()
    rows = await each_office.rows("SELECT name FROM unit WHERE path = :path", path=CLASS)
    assert [r["name"] for r in rows] == ["3班"]
