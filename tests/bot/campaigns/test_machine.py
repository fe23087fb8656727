"""Whatever three colleagues click in whatever order: nothing leaves that another has not approved.

The model knows who has a hand in the text that stands there, and which text was submitted.
"""

import asyncio
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.campaigns import actions, results, reviewing, running
from bot.delivery import freeze
from bot.errors import BotError
from tests.bot.campaigns.test_run import crew
from tests.support import world
from tests.support.campaigning import WORDS, draft, form

PEOPLE = 14
NAMES = st.sampled_from(["ann", "bob"])


class Clicks(RuleBasedStateMachine):
    """One campaign, two colleagues of its district, one of another."""

    given = None

    def __init__(self):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.opened = crew(self.given(), PEOPLE)
        self.team, self.office, self.people = self.run(self.opened.__aenter__())
        self.hands, self.approvals, self.submitted = set(), [], None

    def run(self, work):
        return self.loop.run_until_complete(work)

    def teardown(self):
        self.run(self.opened.__aexit__(None, None, None))
        self.loop.close()

    def tried(self, work):
        """Do what may be refused; says whether it was done."""
        try:
            self.run(work)
        except BotError:
            return False
        return True

    @initialize(name=NAMES)
    def begin(self, name):
        self.number = self.run(self.team.create(name))
        self.hands = {name}

    @rule(name=NAMES, title=st.sampled_from(["一", "二"]))
    def edit(self, name, title):
        made = draft(words=replace(WORDS, title=title))
        if self.tried(self.team.change(name, self.number, made)):
            self.hands.add(name)
            self.submitted = None

    @rule(name=NAMES, reviewer=NAMES)
    def submit(self, name, reviewer):
        if self.tried(self.team.submit(name, self.number, reviewer)):
            self.hands.add(name)
            self.submitted = self.run(self.team.one(name, self.number)).digest

    @rule(name=st.sampled_from(["ann", "bob", "eve"]), count=st.sampled_from([PEOPLE, 13]),
          old=st.booleans())  # fmt: skip
    def approve(self, name, count, old):
        digest = "0" * 64 if old else None
        if self.tried(self.team.approve(name, self.number, count=count, digest=digest)):
            assert name not in self.hands
            assert (name, count, old) != ("eve", count, old)
            assert count == PEOPLE
            assert not old
            assert self.submitted == self.run(self.team.one("ann", self.number)).digest
            self.approvals.append(name)

    @rule(name=NAMES)
    def reject(self, name):
        digest = self.run(self.team.one(name, self.number)).submitted
        if self.tried(self.team.do(reviewing.reject, name, self.number, digest, "请再看一遍时间")):
            self.submitted = None

    @rule(name=NAMES, work=st.sampled_from([running.pause, running.resume, running.stop]))
    def hold(self, name, work):
        self.tried(self.team.do(work, name, self.number))

    @rule(name=NAMES)
    def archive(self, name):
        self.tried(self.team.do(actions.archive, name, self.number))

    @rule(name=NAMES)
    def copy(self, name):
        self.tried(self.team.do(actions.copy, name, self.number, form()))

    @rule(seconds=st.sampled_from([30, 100, 4000]))
    def work(self, seconds):
        """Let the worker look, freeze and send."""
        self.office.clock.turn(seconds=seconds)
        found = self.run(self.office.look())
        for number in found.to_freeze:
            self.run(freeze.freeze(self.office.rt, number))
        self.run(self.office.look())
        for order in found.to_send:
            self.run(self.office.send(order.id))

    @invariant()
    def nothing_left_without_an_approval(self):
        orders = self.run(self.office.rows("SELECT id, about FROM broadcast"))
        assert len(orders) == len(self.approvals) <= 1
        shown = self.office.shown()
        assert set(shown) <= set(self.people)
        assert all(times == 1 for times in shown.values())
        assert self.approvals or not shown
        for order in orders:
            self.run(self._adds_up(order["id"]))

    async def _adds_up(self, number):
        async with self.office.rt.db.read() as tx:
            now = await results.progress(tx, number)
        assert sum(count for _, count in now.figures) == now.frozen
        assert all(count >= 0 for _, count in now.figures)
        assert now.frozen in (0, PEOPLE)


def test_no_order_of_clicks_gets_round_the_second_person(tmp_path_factory):
    def given():
        folder = tmp_path_factory.mktemp("machine")
        return world.settings(folder, f"sqlite:///{folder}/bot.db")

    machine = type("Machine", (Clicks,), {"given": staticmethod(given)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
