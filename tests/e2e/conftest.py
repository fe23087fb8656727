"""One Chromium for all tested pages: they share its event loop, not their cookies."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.chromium import CHROMIUM

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Let the tests of this folder run in the loop in which the browser lives."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser():
    """A Chromium; each test opens contexts of its own."""
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    async with playwright.async_playwright() as driver:
        made = await driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield made
        await made.close()


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def executor():
    """Threads for each test: DBOS makes its own the loop's, and closes them when it ends."""
    with ThreadPoolExecutor() as made:
        asyncio.get_running_loop().set_default_executor(made)
        yield
