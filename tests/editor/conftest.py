"""Sessions for the tests: each has the server to itself."""

import pytest_asyncio

from editor import Editor


@pytest_asyncio.fixture
async def editor():
    """An editor that has not yet started its server."""
    editor = Editor()
    yield editor
    await editor.put_away()
    assert editor.error is None, f"the client could not make sense of the server: {editor.error}"
