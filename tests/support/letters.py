"""A mailbox in memory: what a feature keeps of messages and to-dos for each parent."""

from __future__ import annotations

from dataclasses import replace

from bot.h5.mine import Mailbox


class Letters:
    """Messages and to-dos by openid."""

    def __init__(self):
        self.kept = {}
        self.open = {}

    def put(self, openid, *messages):
        self.kept.setdefault(openid, []).extend(messages)

    async def listed(self, _rt, _tx, person, most):
        mine = sorted(self.kept.get(person[1], []), key=lambda m: m.at, reverse=True)
        return mine[:most]

    async def opened(self, _rt, _tx, person, name):
        mine = self.kept.get(person[1], [])
        for place, message in enumerate(mine):
            if message.id == name:
                mine[place] = replace(message, is_read=True)
                return mine[place]
        return None

    async def unread(self, _rt, _tx, person):
        return sum(not m.is_read for m in self.kept.get(person[1], []))

    async def todos(self, _rt, _tx, person):
        return self.open.get(person[1], [])

    @property
    def mailbox(self):
        return Mailbox(self.listed, self.opened, self.unread)
