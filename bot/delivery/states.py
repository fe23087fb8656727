"""Words of the ledger: channels, and where a broadcast, a batch and one parent's row can stand."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """How a message reaches a parent, in the order of cost (WECHAT 5, 10)."""

    CUSTOM = "custom"  # customer message, inside its window
    NOTICE = "notice"  # subscription notice, with an acceptance
    TEMPLATE = "template"  # template message; off unless the account may
    MASS = "mass"  # mass send, a few a month for each follower
    PULL = "pull"  # only on the parent's own page of messages


class Meter(StrEnum):
    """Calls that are no messages and have a daily limit of their own (WECHAT 4.3, 5.8)."""

    TAG = "tag"  # batchtagging, up to 50 followers a call
    UNTAG = "untag"
    NEW_TAG = "new_tag"


class Role(StrEnum):
    """What a batch does. A large mass send goes by a tag of its own (bot/delivery/send_tags.py)."""

    LIST = ""  # its rows leave as they are
    TAG = "tag"  # its rows get the tag of the send
    JOB = "job"  # makes the tag, and queues one mass job for it; has no rows of its own


#: Channels on which the platform itself refuses a second copy of the same key (WECHAT 5.2, 5.4).
KEYED = frozenset((Channel.TEMPLATE, Channel.MASS))


class Stage(StrEnum):
    """Where a broadcast stands."""

    FREEZING = "freezing"  # the audience becomes rows
    WAITING = "waiting"  # frozen; until its hold and its `not_before` are over
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # by staff or by itself; nothing more leaves
    FINISHED = "finished"
    EXPIRED = "expired"  # `not_after` passed before anything left
    REFUSED = "refused"  # the frozen count was not what was approved


#: Nothing leaves any more; what is in flight may still be reported.
OVER = frozenset((Stage.STOPPED, Stage.FINISHED, Stage.EXPIRED, Stage.REFUSED))


class State(StrEnum):
    """Where one parent's row stands. All but the first four are final (RELIABILITY 2.3, I6).

    In a batch that tags, `claimed` says that the tag may be on the parent; no message has left.
    """

    PLANNED = "planned"
    CLAIMED = "claimed"  # an attempt with its key is noted; the request may have left
    TAGGED = "tagged"  # has the tag of a send whose job has not left for sure
    QUEUED = "queued"  # the platform took a mass job and has not told its end
    SENT = "sent"  # accepted by the platform
    KEPT = "kept"  # no push possible: it waits on the parent's page of messages
    REFUSED = "refused"  # by the platform, and no other channel is left
    OPTED_OUT = "opted_out"  # unfollowed, unsubscribed, quiet: found before the claim
    EXPIRED = "expired"  # `not_after` came first
    HELD = "held"  # outcome unknown on a channel without a key: a person decides
    STOPPED = "stopped"  # the broadcast was stopped before


OPEN = frozenset((State.PLANNED, State.CLAIMED, State.TAGGED, State.QUEUED))
FINAL = frozenset(State) - OPEN
