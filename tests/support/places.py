"""The places of the acceptance journeys: 示范一小 with two classes, and a kindergarten class."""

from bot.org import tree
from bot.org.tree import Unit

SCHOOL = "gz/tianhe/shifan/shifan-1"
CLASS = f"{SCHOOL}/2024/3"
OTHER_CLASS = f"{SCHOOL}/2025/1"
NAME, OTHER_NAME = "示范一小 三年级3班", "示范一小 二年级1班"
UNITS = (
    Unit("gz/tianhe/shifan", "gz/tianhe", "street", "示范街"),
    Unit(SCHOOL, "gz/tianhe/shifan", "school", "示范一小", "primary"),
    Unit(f"{SCHOOL}/2024", SCHOOL, "grade", "2024级", "primary", 2024),
    Unit(CLASS, f"{SCHOOL}/2024", "class", "3班", "primary", 2024, 3),
    Unit(f"{SCHOOL}/2025", SCHOOL, "grade", "2025级", "primary", 2025),
    Unit(OTHER_CLASS, f"{SCHOOL}/2025", "class", "1班", "primary", 2025, 1),
    Unit("gz/yuexiu/dongshan-1", "gz/yuexiu", "school", "东山一小", "primary"),
)


async def build(db, now):
    """Fill an empty tree with the city, its districts and these places."""
    async with db.write() as tx:
        if await tree.seed(tx, now):
            for unit in UNITS:
                await tree.add(tx, unit, now)
