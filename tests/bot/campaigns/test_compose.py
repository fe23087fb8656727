"""The form a campaign is written on."""

import re


async def test_the_whole_city_can_be_chosen_in_a_browser(office):
    """A browser does not send a required choice whose value is empty, and the city's is."""
    operator = await office.staff("citywide", ("operator", "", ""))
    page = (await operator.get("/campaigns/new")).text
    (choice,) = re.findall(r'<select[^>]*name="area"[^>]*>.*?</select>', page, re.DOTALL)
    assert '<option value=""' in choice
    assert "required" not in choice.partition(">")[0]
