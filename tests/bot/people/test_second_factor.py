"""Codes of thirty seconds, each taken once; recovery codes, each taken once."""

import pyotp
import pytest

from bot.people import second_factor, staff


@pytest.fixture
async def enrolled(each_office):
    """The office, a colleague with a second factor, its secret and its recovery codes."""
    number = await each_office.account("chen")
    secret = second_factor.new_secret()
    period = int(each_office.clock.timestamp()) // 30 - 5
    async with each_office.rt.db.write() as tx:
        codes = await second_factor.enrol(tx, each_office.rt.code_key, number, secret, period)
    return each_office, number, secret, codes


async def takes(office, number, typed):
    async with office.rt.db.write() as tx:
        account = await staff.account(tx, number)
        return await second_factor.take(tx, office.rt.code_key, account, typed, office.clock.now())


@pytest.mark.parametrize(("seconds", "right"), [(-60, 0), (-30, 1), (0, 1), (30, 1), (60, 0)])
async def test_the_code_of_one_period_before_or_after_is_right(enrolled, seconds, right):
    office, number, secret, _ = enrolled
    code = pyotp.TOTP(secret).at(int(office.clock.timestamp()) + seconds)
    assert await takes(office, number, code) == bool(right)


async def test_no_code_works_twice_nor_an_older_one_after_it(enrolled):
    office, number, secret, _ = enrolled
    at = int(office.clock.timestamp())
    now, before = pyotp.TOTP(secret).at(at), pyotp.TOTP(secret).at(at - 30)
    assert await takes(office, number, f"{now[:3]} {now[3:]}")
    assert not await takes(office, number, now)
    assert not await takes(office, number, before)


@pytest.mark.parametrize("typed", ["", "12345", "000000x", "１２３４５６", "; drop", "x" * 500])
async def test_nonsense_is_wrong(enrolled, typed):
    office, number, _, _ = enrolled
    assert not await takes(office, number, typed)


async def test_a_recovery_code_works_once_for_its_owner_alone(enrolled):
    office, number, _, codes = enrolled
    assert len(set(codes)) == 10
    other = await office.account("liu")
    async with office.rt.db.write() as tx:
        await second_factor.enrol(tx, office.rt.code_key, other, second_factor.new_secret(), 0)
    assert not await takes(office, other, codes[0])
    assert await takes(office, number, f" {codes[0].upper()} ")
    assert not await takes(office, number, codes[0])
    async with office.rt.db.read() as tx:
        assert await second_factor.codes_left(tx, number) == 9


async def test_new_codes_make_the_old_ones_worthless(enrolled):
    office, number, _, codes = enrolled
    async with office.rt.db.write() as tx:
        fresh = await second_factor.new_codes(tx, number)
    assert not await takes(office, number, codes[0])
    assert await takes(office, number, fresh[0])


async def test_neither_secret_nor_recovery_code_stands_in_the_database(enrolled):
    office, _, secret, codes = enrolled
    (row,) = await office.rows("SELECT totp FROM staff WHERE totp IS NOT NULL")
    keys = {r["key"] for r in await office.rows("SELECT key FROM recovery_code")}
    assert secret.encode() not in bytes(row["totp"])
    assert not keys & set(codes)


async def test_a_dropped_second_factor_leaves_nothing(enrolled):
    office, number, _, codes = enrolled
    async with office.rt.db.write() as tx:
        await second_factor.drop(tx, number)
        assert (await staff.account(tx, number)).totp is None
        assert await second_factor.codes_left(tx, number) == 0
    assert codes
