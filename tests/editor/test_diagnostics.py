"""Diagnostics, pushed and pulled, also when edits are quicker than judgements."""

import asyncio

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from command_line import FIXTURES
from editor import (
    CONTENT_MODIFIED,
    PATIENCE,
    REQUEST_CANCELLED,
    SERVER_CANCELLED,
)
from payloads import with_quantity

GUIDE = (FIXTURES / "invalid/several/pasted-from-a-guide.json").read_text()
GOOD = (FIXTURES / "valid/order/new-tenant-minimal.json").read_text()
HERE = "untitled:order.json"

# So many orders are judged that an edit or a cancellation arrives meanwhile.
LONG = "[" + ",\n".join([with_quantity("-1")] * 2000) + "]"


async def outcome(future):
    """The result of a request or the code of its error."""
    try:
        return await asyncio.wait_for(future, PATIENCE), None
    except JsonRpcException as refusal:
        return None, refusal


# Pushed.


async def test_pushed_sets_have_the_version(editor):
    await editor.begin()
    editor.open(HERE, GUIDE, 7)
    assert len(await editor.published(HERE, 7)) == 7
    editor.change(HERE, 12, GOOD)
    assert await editor.published(HERE, 12) == []
    assert [each.version for each in editor.sets] == [7, 12]
    assert await editor.finish() == 0


async def test_a_push_client_may_not_pull_for_nothing(editor):
    """What is pushed is the whole: the capability to pull is not offered to it."""
    result = await editor.begin()
    assert result.capabilities.diagnostic_provider is None
    assert await editor.finish() == 0


async def test_a_pull_client_is_not_pushed_to(editor):
    await editor.begin(pull=True)
    editor.open(HERE, GUIDE)
    assert len((await editor.pull(HERE)).items) == 7
    editor.change(HERE, 2, GOOD)
    assert (await editor.pull(HERE)).items == []
    editor.close(HERE)
    await editor.ask("countersign/rulePage", {"rule": "order/mpn-shape"})
    assert all(not each.diagnostics for each in editor.sets)
    assert await editor.finish() == 0


async def test_quick_edits_are_not_all_judged(editor):
    await editor.begin()
    editor.open(HERE, GUIDE)
    for version in range(2, 102):
        editor.change(HERE, version, (0, 0, 0, 0, " "))
    diagnostics = await editor.published(HERE, 101)
    assert len(diagnostics) == 7
    versions = [each.version for each in editor.sets]
    assert versions == sorted(versions), "an older set came after a newer one"
    assert len(versions) < 50
    assert await editor.finish() == 0


# Pulled.


async def test_pull(editor):
    await editor.begin(pull=True)
    editor.open(HERE, GUIDE)
    full = await editor.pull(HERE)
    assert full.kind == "full"
    assert len(full.items) == 7
    assert full.result_id
    same = await editor.pull(HERE, full.result_id)
    assert same.kind == "unchanged"
    assert same.result_id == full.result_id
    other = await editor.pull(HERE, "an id of another life")
    assert other.kind == "full"
    assert other.items == full.items
    assert await editor.finish() == 0


async def test_pull_after_an_edit(editor):
    await editor.begin(pull=True)
    editor.open(HERE, GUIDE)
    full = await editor.pull(HERE)
    editor.change(HERE, 2, GOOD)
    emptied = await editor.pull(HERE, full.result_id)
    assert (emptied.kind, emptied.items) == ("full", [])
    assert emptied.result_id != full.result_id
    editor.change(HERE, 3, GUIDE)
    again = await editor.pull(HERE, emptied.result_id)
    assert again.kind == "full"
    assert again.items == full.items
    assert await editor.finish() == 0


async def test_ids_of_one_document_say_nothing_of_another(editor):
    await editor.begin(pull=True)
    editor.open("untitled:a.json", GUIDE)
    editor.open("untitled:b.json", GOOD)
    first = await editor.pull("untitled:a.json")
    second = await editor.pull("untitled:b.json", first.result_id)
    assert (second.kind, second.items) == ("full", [])
    # Nor of the document's next life.
    editor.close("untitled:a.json")
    editor.open("untitled:a.json", GOOD)
    third = await editor.pull("untitled:a.json", first.result_id)
    assert (third.kind, third.items) == ("full", [])
    assert await editor.finish() == 0


async def test_pull_again_after_settings_change(editor):
    text = (FIXTURES / "invalid/order/customer-email-partner.json").read_text()
    await editor.begin(pull=True)
    editor.open(HERE, text)
    before = await editor.pull(HERE)
    assert before.items == []
    editor.change_settings(
        {"today": "none", "config": "none", "partnerDomains": ["fabrikam-partner.com"]}
    )
    await editor.until(lambda: editor.diagnostic_refresh_count, "a call to pull again")
    after = await editor.pull(HERE, before.result_id)
    assert after.kind == "full"
    assert [each.code for each in after.items] == ["order/customer-email-partner"]
    assert await editor.finish() == 0


async def test_a_client_without_refresh_is_not_asked_to(editor):
    await editor.begin(pull=True, refresh=False)
    editor.open(HERE, GOOD)
    await editor.pull(HERE)
    editor.change_settings({"today": "2026-01-01"})
    editor.save(HERE)
    await editor.pull(HERE)
    assert editor.diagnostic_refresh_count == 0
    assert await editor.finish() == 0


# Overtaken and cancelled.


async def test_a_pull_that_an_edit_overtakes(editor):
    await editor.begin(pull=True)
    editor.open(HERE, LONG)
    overtaken = 0
    for version in range(2, 12):
        pulled = editor.start_pull(HERE, request_id=f"pull-{version}")
        editor.change(HERE, version, (0, 0, 0, 0, " "))
        result, refusal = await outcome(pulled)
        if refusal:
            assert refusal.code == SERVER_CANCELLED
            assert refusal.data == {"retriggerRequest": True}
            overtaken += 1
        else:
            assert result.kind == "full"
    assert overtaken, "no judgement was overtaken, though each takes long"
    assert len((await editor.pull(HERE)).items) == 501
    for version in range(2, 12):
        assert editor.answers_to(f"pull-{version}") == 1
    assert await editor.finish() == 0


async def test_a_pull_that_is_cancelled(editor):
    await editor.begin(pull=True)
    editor.open(HERE, LONG)
    cancelled = 0
    for number in range(10):
        # Without an edit between them the server might keep what it found.
        editor.change(HERE, number + 2, (0, 0, 0, 0, " "))
        pulled = editor.start_pull(HERE, request_id=f"pull-{number}")
        editor.cancel(f"pull-{number}")
        result, refusal = await outcome(pulled)
        if refusal:
            assert refusal.code == REQUEST_CANCELLED
            cancelled += 1
        else:
            assert result.kind == "full"
    assert cancelled, "no judgement was cancelled, though each takes long"
    assert len((await editor.pull(HERE)).items) == 501
    for number in range(10):
        assert editor.answers_to(f"pull-{number}") == 1
    assert await editor.finish() == 0


async def test_a_cancelled_pull_does_not_cost_another_its_answer(editor):
    await editor.begin(pull=True)
    editor.open(HERE, LONG)
    first = editor.start_pull(HERE, request_id="first")
    second = editor.start_pull(HERE, request_id="second")
    editor.cancel("first")
    result, refusal = await outcome(first)
    assert refusal is None or refusal.code == REQUEST_CANCELLED
    result, refusal = await outcome(second)
    assert refusal is None
    assert len(result.items) == 501
    assert await editor.finish() == 0


async def test_a_pull_that_the_end_of_the_document_overtakes(editor):
    await editor.begin(pull=True)
    editor.open(HERE, LONG)
    pulled = editor.start_pull(HERE, request_id="pull")
    editor.close(HERE)
    _, refusal = await outcome(pulled)
    if refusal:
        assert refusal.code in (SERVER_CANCELLED, CONTENT_MODIFIED)
    assert editor.answers_to("pull") == 1
    assert await editor.finish() == 0


async def test_a_pull_that_the_end_of_the_session_overtakes(editor):
    await editor.begin(pull=True)
    editor.open(HERE, LONG)
    pulled = editor.start_pull(HERE, request_id="pull")
    done = editor.ask("shutdown", None)
    assert await done is None
    _, refusal = await outcome(pulled)
    assert editor.answers_to("pull") == 1
    editor.tell("exit", None)
    assert await editor.exit_code() == 0


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
async def test_other_requests_that_an_edit_overtakes(editor, method):
    await editor.begin(pull=True)
    editor.open(HERE, LONG)
    params = {"textDocument": {"uri": HERE}, **OTHER_REQUESTS[method]}
    sent = []
    for version in range(2, 6):
        request_id, future = editor.send_request(method, params)
        editor.change(HERE, version, (0, 0, 0, 0, " "))
        _, refusal = await outcome(future)
        assert refusal is None or refusal.code == CONTENT_MODIFIED
        sent.append(request_id)
        request_id, future = editor.send_request(method, params)
        editor.cancel(request_id)
        _, refusal = await outcome(future)
        assert refusal is None or refusal.code == REQUEST_CANCELLED
        sent.append(request_id)
    await editor.ask("countersign/rulePage", {"rule": "order/mpn-shape"})
    assert [editor.answers_to(each) for each in sent] == [1] * len(sent)
    assert await editor.finish() == 0


async def test_a_storm(editor):
    """Everything at once: each request has one answer, and in the end all is as if it was calm."""
    await editor.begin(pull=True)
    editor.open(HERE, LONG)
    sent = {}
    for version in range(2, 32):
        sent[f"pull-{version}"] = editor.start_pull(HERE, request_id=f"pull-{version}")
        for method, more in OTHER_REQUESTS.items():
            params = {"textDocument": {"uri": HERE}, **more}
            request_id, future = editor.send_request(method, params)
            sent[request_id] = future
            if version % 3 == 0:
                editor.cancel(request_id)
        editor.change(HERE, version, (0, 0, 0, 0, " "))
        if version % 5 == 0:
            editor.cancel(f"pull-{version}")
    for request_id, future in sent.items():
        _, refusal = await outcome(future)
        assert refusal is None or refusal.code in (
            REQUEST_CANCELLED,
            CONTENT_MODIFIED,
            SERVER_CANCELLED,
        ), f"{request_id}: {refusal}"
    text, version = await editor.text(HERE)
    assert (text, version) == (" " * 30 + LONG, 31)
    assert len((await editor.pull(HERE)).items) == 501
    assert {editor.answers_to(each) for each in sent} == {1}
    assert await editor.finish() == 0


# So many.


@pytest.mark.parametrize("pull", [True, False], ids=["pull", "push"])
async def test_the_loudest_are_kept(editor, pull):
    """A thousand warnings in front of one error: the error is shown."""
    warned = '{ "name": "some_parameter_%d", "value": "x" },\n'
    text = with_quantity('"many"').replace(
        '"parameters": [\n', '"parameters": [\n' + "".join(warned % each for each in range(1000))
    )
    await editor.begin({"today": "none", "config": "none", "maxFindings": 20}, pull=pull)
    editor.open(HERE, text)
    if pull:
        diagnostics = (await editor.pull(HERE)).items
    else:
        diagnostics = await editor.published(HERE, 1)
    assert len(diagnostics) == 21
    [note] = [each for each in diagnostics if each.code is None]
    assert note.source == "countersign"
    assert note.severity == types.DiagnosticSeverity.Information
    assert note.range.start.line == note.range.end.line == 0
    assert any(each.code == "schema/type" for each in diagnostics)
    assert "981" in note.message.replace(",", "")
    assert await editor.finish() == 0
