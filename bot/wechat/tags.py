"""Tags of followers: a hundred in all, the whole segmentation of mass sends.

Source: WECHAT.md 5.8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.errors import InvalidInput
from bot.wechat import errors, texts
from bot.wechat.caller import Caller, number, read

OPENIDS_MAX = 50  # one call; 40032
NAME_MAX = 30  # characters; 45158
PARTIAL = 45171


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the account; 0 to 2 are the platform's own (45058)."""

    id: int
    name: str
    followers: int = 0


class Tags(Caller):
    """Verbs about tags."""

    async def create_tag(self, name: str) -> Tag:
        """Make a tag; a name that exists is refused (45157), the hundred-and-first too (45056).

        Raises:
            InvalidInput: the name does not have 1 to 30 characters.
        """
        name = texts.clean(name).strip()
        if not 0 < len(name) <= NAME_MAX:
            raise InvalidInput("tag.name")
        api = "tags/create"
        made = (await self.write(api, {"tag": {"name": name}})).get("tag")
        if not isinstance(made, Mapping):
            raise errors.no_answer(api, "POST")
        return Tag(number(api, "POST", made, "id"), str(made.get("name", name)))

    async def list_tags(self) -> tuple[Tag, ...]:
        """Return every tag with its number of followers."""
        answer = await read("tags/get", lambda: self.client.get("tags/get"))
        return tuple(
            Tag(
                number("tags/get", "GET", tag, "id"), str(tag.get("name")), int(tag.get("count", 0))
            )
            for tag in answer.get("tags", ())
        )

    async def delete_tag(self, tag_id: int) -> None:
        """Delete a tag; over 100,000 followers it must be emptied before (45057)."""
        await self.write("tags/delete", {"tag": {"id": tag_id}})

    async def tag(self, openids: Sequence[str], tag_id: int) -> tuple[str, ...]:
        """Give up to 50 followers a tag; return those who did not get it, mostly none.

        May be made again: tagging twice is tagging once. A concurrent change of the same follower
        is `Retry` (45169), more than 20 tags on one is `Refused` (45059).
        """
        return await self._change("tags/members/batchtagging", openids, tag_id)

    async def untag(self, openids: Sequence[str], tag_id: int) -> tuple[str, ...]:
        """Take a tag from up to 50 followers; return those who still have it, mostly none."""
        return await self._change("tags/members/batchuntagging", openids, tag_id)

    async def _change(self, api: str, openids: Sequence[str], tag_id: int) -> tuple[str, ...]:
        if not 0 < len(openids) <= OPENIDS_MAX:
            raise InvalidInput("tag.openids")
        try:
            await self.write(api, {"openid_list": list(openids), "tagid": tag_id})
        except errors.Refused as error:
            failed = error.kept.get("fail_openid_list")
            if error.code != PARTIAL or not isinstance(failed, list):
                raise
            return tuple(str(openid) for openid in failed)
        return ()
