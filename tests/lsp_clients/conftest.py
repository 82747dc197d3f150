"""The fixtures that all tests share."""

import pytest_asyncio

from client import Client


@pytest_asyncio.fixture
async def client():
    """A client with a server of its own, which is not started yet."""
    client = Client()
    yield client
    await client.clean_up()
    assert client.error is None, (
        f"the client could not handle a message of the server: {client.error}"
    )
