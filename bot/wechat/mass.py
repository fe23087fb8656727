"""Mass sends: to everybody, to a tag, to a list. Queued; the outcome comes as a `MassSent` event.

The platform takes a key once in 24 hours (`KEY_LIFE_S`): after `errors.Unknown` the same call with
the same key is safe inside that time, and comes back as `repeated` where it had arrived.
Source: WECHAT.md 5.4, RELIABILITY.md 2.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from bot.errors import InvalidInput
from bot.wechat import errors, texts
from bot.wechat.caller import Caller, needed, number
from bot.wechat.sending import checked_key

LIST_MIN, LIST_MAX = 2, 10_000  # 40130, 40032
KEY_LIFE_S = 86_400
REPEATED = 45065
SPEED_STEPS = range(5)  # 800,000, 600,000, 450,000, 300,000 and 100,000 a minute


@dataclass(frozen=True, slots=True)
class MassText:
    """Words; never cut, since they were approved as they are."""

    kind: ClassVar[str] = "text"
    text: str

    def body(self) -> dict[str, Any]:
        """Return the words.

        Raises:
            InvalidInput: there are none, or more than 2,048 bytes.
        """
        content = texts.clean(self.text)
        if not content.strip() or len(content.encode()) > texts.TEXT_LIMIT_BYTES:
            raise InvalidInput("mass.text")
        return {"text": {"content": content}}


@dataclass(frozen=True, slots=True)
class MassArticle:
    """The articles of a draft, which is used up by a send."""

    kind: ClassVar[str] = "mpnews"
    media_id: str
    sends_reprints: bool = False

    def body(self) -> dict[str, Any]:
        """Return the draft, and whether to go on where it is judged a reprint."""
        ignore = int(self.sends_reprints)
        return {"mpnews": {"media_id": self.media_id}, "send_ignore_reprint": ignore}


@dataclass(frozen=True, slots=True)
class MassImages:
    """Pictures of the permanent store, with a line above them."""

    kind: ClassVar[str] = "image"
    media_ids: tuple[str, ...]
    recommend: str = ""

    def body(self) -> dict[str, Any]:
        """Return the pictures."""
        images = {"media_ids": list(self.media_ids), "recommend": texts.clean(self.recommend)}
        return {"images": images}


MassMessage: TypeAlias = MassText | MassArticle | MassImages


@dataclass(frozen=True, slots=True)
class MassJob:
    """A mass send in the platform's queue.

    Attributes:
        message_id: the id that the `MassSent` event and `mass_status` know.
        data_id: for statistics; 0 where there is none (only articles have one).
        repeated: the key had been taken before, and this is the job of that time.
    """

    message_id: int
    data_id: int = 0
    repeated: bool = False


class MassSending(Caller):
    """Verbs for many parents."""

    async def mass_send(self, openids: Sequence[str], message: MassMessage, *, key: str) -> MassJob:
        """Queue a message for 2 to 10,000 parents.

        Raises:
            InvalidInput: the list is too short, too long or names somebody twice.
            Quota: a count of the month or day is used up (45028).
            Retry: the same key came too fast (45066, after 60 s).
            Unknown: the same key may be sent again inside 24 hours.
        """
        if not LIST_MIN <= len(openids) <= LIST_MAX or len(set(openids)) != len(openids):
            raise InvalidInput("mass.openids")
        return await self._queue("message/mass/send", {"touser": list(openids)}, message, key)

    async def mass_all(self, message: MassMessage, key: str) -> MassJob:
        """Queue a message for every follower: once a day, four times a month."""
        asked = {"filter": {"is_to_all": True}}
        return await self._queue("message/mass/sendall", asked, message, key)

    async def mass_tag(self, tag_id: int, message: MassMessage, key: str) -> MassJob:
        """Queue a message for the followers with a tag; spends only their monthly count."""
        asked = {"filter": {"is_to_all": False, "tag_id": tag_id}}
        return await self._queue("message/mass/sendall", asked, message, key)

    async def mass_status(self, message_id: int) -> str:
        """Return SENDING, SEND_SUCCESS, SEND_FAIL or DELETE."""
        api = "message/mass/get"
        answer = await self.ask(api, {"msg_id": message_id})
        return needed(api, "GET", answer, "msg_status")[0]

    async def mass_delete(self, message_id: int, index: int = 0) -> None:
        """Take an article or video back, 1 the first, 0 all; the card stays, ten calls a day."""
        await self.write("message/mass/delete", {"msg_id": message_id, "article_idx": index})

    async def mass_preview(self, openid: str, message: MassMessage) -> None:
        """Show a message to one follower; a hundred times a day, off no monthly count."""
        asked = {"touser": openid, "msgtype": message.kind, **message.body()}
        asked.pop("send_ignore_reprint", None)
        await self.write("message/mass/preview", asked)

    async def mass_speed(self, step: int) -> None:
        """Set how fast all mass sends go: 0 is 800,000 a minute, 4 is 100,000.

        Raises:
            InvalidInput: there is no such step.
        """
        if step not in SPEED_STEPS:
            raise InvalidInput("mass.speed")
        await self.write("message/mass/speed/set", {"speed": step})

    async def _queue(
        self, api: str, audience: Mapping[str, Any], message: MassMessage, key: str
    ) -> MassJob:
        asked = {**audience, "msgtype": message.kind, **message.body()}
        asked |= {"clientmsgid": checked_key(key)}
        try:
            answer = await self.write(api, asked)
        except errors.Refused as error:
            if error.code != REPEATED or "msg_id" not in error.kept:
                raise
            return _job(api, error.kept, repeated=True)
        return _job(api, answer, repeated=False)


def _job(api: str, answer: Mapping[str, Any], *, repeated: bool) -> MassJob:
    data_id = number(api, "POST", answer, "msg_data_id") if answer.get("msg_data_id") else 0
    return MassJob(number(api, "POST", answer, "msg_id"), data_id, repeated)
