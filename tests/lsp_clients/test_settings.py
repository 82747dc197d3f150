"""Settings from `initialize` and from later changes."""

import json

import pytest
from lsprotocol import types

from client import rule_ids
from command_line import BINARY, FIXTURES
from payloads import NINE_MISTAKES, URI


async def test_a_change_of_settings(client):
    await client.start_session({"today": "none", "config": "none"})
    text = (FIXTURES / "invalid/order/customer-email-partner.json").read_text()
    client.open(URI, text)
    assert await client.wait_for_diagnostics(URI, 1) == []
    before = len(client.publications)
    client.change_settings(
        {"today": "none", "config": "none", "partnerDomains": ["fabrikam-partner.com"]}
    )
    await client.wait_until(
        lambda: (
            len(client.publications) > before
            and rule_ids(client.publications[-1].diagnostics) == ["order/customer-email-partner"]
        ),
        "the finding for the new settings",
    )
    assert client.publications[-1].version == 1
    client.change_settings({"today": "none", "config": "none"})
    await client.wait_until(
        lambda: not client.publications[-1].diagnostics, "empty diagnostics again"
    )
    assert await client.end_session() == 0


async def test_settings_are_requested(client):
    text = (FIXTURES / "invalid/order/customer-email-partner.json").read_text()
    client.settings = {
        "today": "none",
        "config": "none",
        "partnerDomains": ["fabrikam-partner.com"],
    }
    await client.start_session(configuration=True)
    await client.wait_until(
        lambda: client.configuration_requests == 1, "a request for the settings"
    )
    client.open(URI, text)
    await client.wait_until(
        lambda: (
            client.publications
            and rule_ids(client.publications[-1].diagnostics) == ["order/customer-email-partner"]
        ),
        "the finding for the requested settings",
    )
    client.settings = {"today": "none", "config": "none"}
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))
    await client.wait_until(
        lambda: client.configuration_requests == 2, "another request for the settings"
    )
    await client.wait_until(lambda: not client.publications[-1].diagnostics, "empty diagnostics")
    # A client without settings keeps the previous ones.
    client.settings = None
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))
    await client.wait_until(lambda: client.configuration_requests == 3, "a third request")
    client.change(URI, 2, text + "\n")
    assert await client.wait_for_diagnostics(URI, 2) == []
    assert await client.end_session() == 0


async def test_today(client):
    text = (FIXTURES / "invalid/order/agreement-date-in-future.json").read_text()
    await client.start_session({"today": "2026-01-01", "config": "none"})
    client.open(URI, text)
    assert rule_ids(await client.wait_for_diagnostics(URI, 1)) == ["order/agreement-date-in-future"]
    assert await client.end_session() == 0


async def test_a_client_without_settings_and_capabilities(client):
    await client.start_io(BINARY, "lsp")
    client.capabilities = types.ClientCapabilities()
    result = await client.request(
        "initialize", {"processId": None, "rootUri": None, "capabilities": {}}
    )
    assert result["capabilities"]["positionEncoding"] == "utf-16"
    client.send_notification("initialized", {})
    client.open(URI, NINE_MISTAKES)
    assert len(await client.wait_for_diagnostics(URI, 1)) == 9
    assert await client.end_session() == 0


@pytest.mark.parametrize(
    "settings",
    [5, "today", [], {"today": 5}, {"today": "tomorrow"}, {"maxFindings": -1}, {"today": None}],
    ids=json.dumps,
)
async def test_invalid_settings(client, settings):
    """Invalid settings are ignored, and documents are checked nevertheless."""
    await client.start_session(settings)
    client.open(URI, NINE_MISTAKES)
    assert len(await client.wait_for_diagnostics(URI, 1)) == 9
    assert await client.end_session() == 0
