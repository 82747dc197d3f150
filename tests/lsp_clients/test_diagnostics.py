"""Pushed and pulled diagnostics, also when changes arrive during a check."""

import asyncio

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from client import (
    CONTENT_MODIFIED,
    REQUEST_CANCELLED,
    SERVER_CANCELLED,
    TIMEOUT,
)
from command_line import FIXTURES
from payloads import PASTED_ORDER, URI, VALID_ORDER, with_quantity

# So many orders that a change or a cancellation arrives during the check.
LONG_ARRAY = "[" + ",\n".join([with_quantity("-1")] * 2000) + "]"


async def response(future):
    """Returns the result of a request, or its error."""
    try:
        return await asyncio.wait_for(future, TIMEOUT), None
    except JsonRpcException as error:
        return None, error


# Pushed diagnostics.


async def test_pushed_sets_have_the_version(client):
    await client.start_session()
    client.open(URI, PASTED_ORDER, 7)
    assert len(await client.wait_for_diagnostics(URI, 7)) == 7
    client.change(URI, 12, VALID_ORDER)
    assert await client.wait_for_diagnostics(URI, 12) == []
    assert [each.version for each in client.publications] == [7, 12]
    assert await client.end_session() == 0


async def test_pull_is_not_offered_to_a_push_client(client):
    """A client without the pull capability gets all diagnostics pushed."""
    result = await client.start_session()
    assert result.capabilities.diagnostic_provider is None
    assert await client.end_session() == 0


async def test_nothing_is_pushed_to_a_pull_client(client):
    await client.start_session(pull=True)
    client.open(URI, PASTED_ORDER)
    assert len((await client.pull(URI)).items) == 7
    client.change(URI, 2, VALID_ORDER)
    assert (await client.pull(URI)).items == []
    client.close(URI)
    await client.request("countersign/rulePage", {"rule": "order/mpn-shape"})
    assert all(not each.diagnostics for each in client.publications)
    assert await client.end_session() == 0


async def test_superseded_versions_are_not_checked(client):
    await client.start_session()
    client.open(URI, PASTED_ORDER)
    for version in range(2, 102):
        client.change(URI, version, (0, 0, 0, 0, " "))
    diagnostics = await client.wait_for_diagnostics(URI, 101)
    assert len(diagnostics) == 7
    versions = [each.version for each in client.publications]
    assert versions == sorted(versions), "diagnostics of an older version were published last"
    assert len(versions) < 50
    assert await client.end_session() == 0


# Pulled diagnostics.


async def test_pull(client):
    await client.start_session(pull=True)
    client.open(URI, PASTED_ORDER)
    full = await client.pull(URI)
    assert full.kind == "full"
    assert len(full.items) == 7
    assert full.result_id
    same = await client.pull(URI, full.result_id)
    assert same.kind == "unchanged"
    assert same.result_id == full.result_id
    other = await client.pull(URI, "an id of another session")
    assert other.kind == "full"
    assert other.items == full.items
    assert await client.end_session() == 0


async def test_pull_after_an_edit(client):
    await client.start_session(pull=True)
    client.open(URI, PASTED_ORDER)
    full = await client.pull(URI)
    client.change(URI, 2, VALID_ORDER)
    emptied = await client.pull(URI, full.result_id)
    assert (emptied.kind, emptied.items) == ("full", [])
    assert emptied.result_id != full.result_id
    client.change(URI, 3, PASTED_ORDER)
    again = await client.pull(URI, emptied.result_id)
    assert again.kind == "full"
    assert again.items == full.items
    assert await client.end_session() == 0


async def test_result_ids_are_of_one_document(client):
    await client.start_session(pull=True)
    client.open("untitled:a.json", PASTED_ORDER)
    client.open("untitled:b.json", VALID_ORDER)
    first = await client.pull("untitled:a.json")
    second = await client.pull("untitled:b.json", first.result_id)
    assert (second.kind, second.items) == ("full", [])
    # Nor is a result id valid after the document is opened again.
    client.close("untitled:a.json")
    client.open("untitled:a.json", VALID_ORDER)
    third = await client.pull("untitled:a.json", first.result_id)
    assert (third.kind, third.items) == ("full", [])
    assert await client.end_session() == 0


async def test_pull_after_a_change_of_settings(client):
    text = (FIXTURES / "invalid/order/customer-email-partner.json").read_text()
    await client.start_session(pull=True)
    client.open(URI, text)
    before = await client.pull(URI)
    assert before.items == []
    client.change_settings(
        {"today": "none", "config": "none", "partnerDomains": ["fabrikam-partner.com"]}
    )
    await client.wait_until(
        lambda: client.diagnostic_refresh_count, "a request to refresh diagnostics"
    )
    after = await client.pull(URI, before.result_id)
    assert after.kind == "full"
    assert [each.code for each in after.items] == ["order/customer-email-partner"]
    assert await client.end_session() == 0


async def test_a_client_without_refresh_gets_no_refresh_request(client):
    await client.start_session(pull=True, refresh=False)
    client.open(URI, VALID_ORDER)
    await client.pull(URI)
    client.change_settings({"today": "2026-01-01"})
    client.save(URI)
    await client.pull(URI)
    assert client.diagnostic_refresh_count == 0
    assert await client.end_session() == 0


# Superseded and cancelled requests.


async def test_a_pull_superseded_by_a_change(client):
    await client.start_session(pull=True)
    client.open(URI, LONG_ARRAY)
    superseded = 0
    for version in range(2, 12):
        pulled = client.send_pull(URI, request_id=f"pull-{version}")
        client.change(URI, version, (0, 0, 0, 0, " "))
        result, error = await response(pulled)
        if error:
            assert error.code == SERVER_CANCELLED
            assert error.data == {"retriggerRequest": True}
            superseded += 1
        else:
            assert result.kind == "full"
    assert superseded, "no check was superseded, though each takes long"
    assert len((await client.pull(URI)).items) == 501
    for version in range(2, 12):
        assert client.response_count(f"pull-{version}") == 1
    assert await client.end_session() == 0


async def test_a_cancelled_pull(client):
    await client.start_session(pull=True)
    client.open(URI, LONG_ARRAY)
    cancelled = 0
    for number in range(10):
        # Without a change the server could return a cached result.
        client.change(URI, number + 2, (0, 0, 0, 0, " "))
        pulled = client.send_pull(URI, request_id=f"pull-{number}")
        client.cancel(f"pull-{number}")
        result, error = await response(pulled)
        if error:
            assert error.code == REQUEST_CANCELLED
            cancelled += 1
        else:
            assert result.kind == "full"
    assert cancelled, "no check was cancelled, though each takes long"
    assert len((await client.pull(URI)).items) == 501
    for number in range(10):
        assert client.response_count(f"pull-{number}") == 1
    assert await client.end_session() == 0


async def test_a_cancelled_pull_does_not_cancel_another(client):
    await client.start_session(pull=True)
    client.open(URI, LONG_ARRAY)
    first = client.send_pull(URI, request_id="first")
    second = client.send_pull(URI, request_id="second")
    client.cancel("first")
    result, error = await response(first)
    assert error is None or error.code == REQUEST_CANCELLED
    result, error = await response(second)
    assert error is None
    assert len(result.items) == 501
    assert await client.end_session() == 0


async def test_a_pull_superseded_by_the_close_of_the_document(client):
    await client.start_session(pull=True)
    client.open(URI, LONG_ARRAY)
    pulled = client.send_pull(URI, request_id="pull")
    client.close(URI)
    _, error = await response(pulled)
    if error:
        assert error.code in (SERVER_CANCELLED, CONTENT_MODIFIED)
    assert client.response_count("pull") == 1
    assert await client.end_session() == 0


async def test_a_pull_superseded_by_shutdown(client):
    await client.start_session(pull=True)
    client.open(URI, LONG_ARRAY)
    pulled = client.send_pull(URI, request_id="pull")
    shutdown = client.request("shutdown", None)
    assert await shutdown is None
    _, error = await response(pulled)
    assert client.response_count("pull") == 1
    client.send_notification("exit", None)
    assert await client.exit_code() == 0


OTHER_REQUESTS = {
    "textDocument/hover": {"position": {"line": 8, "character": 20}},
    "textDocument/documentSymbol": {},
    "textDocument/completion": {"position": {"line": 8, "character": 20}},
    "textDocument/codeAction": {
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}},
        "context": {"diagnostics": []},
    },
}


@pytest.mark.parametrize("method", OTHER_REQUESTS)
async def test_other_requests_superseded_by_a_change(client, method):
    await client.start_session(pull=True)
    client.open(URI, LONG_ARRAY)
    params = {"textDocument": {"uri": URI}, **OTHER_REQUESTS[method]}
    sent = []
    for version in range(2, 6):
        request_id, future = client.send_request(method, params)
        client.change(URI, version, (0, 0, 0, 0, " "))
        _, error = await response(future)
        assert error is None or error.code == CONTENT_MODIFIED
        sent.append(request_id)
        request_id, future = client.send_request(method, params)
        client.cancel(request_id)
        _, error = await response(future)
        assert error is None or error.code == REQUEST_CANCELLED
        sent.append(request_id)
    await client.request("countersign/rulePage", {"rule": "order/mpn-shape"})
    assert [client.response_count(each) for each in sent] == [1] * len(sent)
    assert await client.end_session() == 0


async def test_many_concurrent_requests(client):
    """Each of many concurrent requests gets one response, and the final state is correct."""
    await client.start_session(pull=True)
    client.open(URI, LONG_ARRAY)
    sent = {}
    for version in range(2, 32):
        sent[f"pull-{version}"] = client.send_pull(URI, request_id=f"pull-{version}")
        for method, more in OTHER_REQUESTS.items():
            params = {"textDocument": {"uri": URI}, **more}
            request_id, future = client.send_request(method, params)
            sent[request_id] = future
            if version % 3 == 0:
                client.cancel(request_id)
        client.change(URI, version, (0, 0, 0, 0, " "))
        if version % 5 == 0:
            client.cancel(f"pull-{version}")
    for request_id, future in sent.items():
        _, error = await response(future)
        assert error is None or error.code in (
            REQUEST_CANCELLED,
            CONTENT_MODIFIED,
            SERVER_CANCELLED,
        ), f"{request_id}: {error}"
    text, version = await client.server_text(URI)
    assert (text, version) == (" " * 30 + LONG_ARRAY, 31)
    assert len((await client.pull(URI)).items) == 501
    assert {client.response_count(each) for each in sent} == {1}
    assert await client.end_session() == 0


# The limit of findings.


@pytest.mark.parametrize("pull", [True, False], ids=["pull", "push"])
async def test_the_most_severe_findings_are_kept(client, pull):
    """An error after a thousand warnings is shown."""
    warned = '{ "name": "some_parameter_%d", "value": "x" },\n'
    text = with_quantity('"many"').replace(
        '"parameters": [\n', '"parameters": [\n' + "".join(warned % each for each in range(1000))
    )
    await client.start_session({"today": "none", "config": "none", "maxFindings": 20}, pull=pull)
    client.open(URI, text)
    if pull:
        diagnostics = (await client.pull(URI)).items
    else:
        diagnostics = await client.wait_for_diagnostics(URI, 1)
    assert len(diagnostics) == 21
    [note] = [each for each in diagnostics if each.code is None]
    assert note.source == "countersign"
    assert note.severity == types.DiagnosticSeverity.Information
    assert note.range.start.line == note.range.end.line == 0
    assert any(each.code == "schema/type" for each in diagnostics)
    assert "981" in note.message.replace(",", "")
    assert await client.end_session() == 0
