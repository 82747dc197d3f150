"""Completion in orders that are incomplete."""

import json
import re

import pytest
from lsprotocol import types

from client import pairs
from payloads import FULL_ORDER, NINE_MISTAKES, ORDER_SCHEMA, URI
from text_document import apply_edits, index_at, position_at

# Marks the position of the cursor.
CURSOR = "▮"


def with_typed_parameters(before, after=""):
    """Returns the full order with other text in its `parameters`, and the cursor's position."""
    start = FULL_ORDER.index('"parameters": [') + len('"parameters": [')
    end = FULL_ORDER.index("\n      ]")
    text = FULL_ORDER[:start] + before + CURSOR + after + FULL_ORDER[end:]
    return split_cursor(text)


def split_cursor(text):
    index = text.index(CURSOR)
    text = text.replace(CURSOR, "")
    return text, position_at(text, index, "utf-16")


def expand_snippet(snippet):
    """Returns the text of a snippet, with the first choice or the default of each tab stop."""
    snippet = re.sub(r"\$\{\d+\|((?:[^,|\\]|\\.)*)(?:[^|\\]|\\.)*\|\}", r"\1", snippet)
    snippet = re.sub(r"\$\{\d+:((?:[^}\\]|\\.)*)\}", r"\1", snippet)
    snippet = re.sub(r"(?<!\\)\$(?:\d+|\{\d+\})", "", snippet)
    return re.sub(r"\\([$}\\,|])", r"\1", snippet)


def accept(text, item, position):
    """Returns the text after an item is accepted."""
    edit = item.text_edit
    assert edit is not None, f"{item.label} has no text edit"
    range_ = getattr(edit, "range", None) or edit.insert
    assert range_.start.line == range_.end.line == position[0], (
        "an edit must be on the line of the cursor"
    )
    assert range_.start.character <= position[1] <= range_.end.character
    new = edit.new_text
    if item.insert_text_format == types.InsertTextFormat.Snippet:
        new = expand_snippet(new)
    edits = [(*pairs(range_)[0], *pairs(range_)[1], new)]
    for more in item.additional_text_edits or []:
        edits.append((*pairs(more.range)[0], *pairs(more.range)[1], more.new_text))
    return apply_edits(text, edits, "utf-16")


def with_attestations(text):
    """Returns the text with `null` for each attestation, which no item may fill in."""
    return re.sub(r'("attestation_accepted":) *\}', r"\1 null }", text)


def matches_filter(text, item, position):
    """Returns whether the text before the cursor matches the filter text of an item."""
    range_ = getattr(item.text_edit, "range", None) or item.text_edit.insert
    start = index_at(text, *pairs(range_)[0], "utf-16")
    so_far = text[start : index_at(text, *position, "utf-16")]
    return (item.filter_text or item.label).lower().startswith(so_far.lower())


async def completions_at(client, text, position, trigger=None):
    client.open(URI, text)
    items = await client.completions(URI, *position, trigger)
    client.close(URI)
    by_label = {item.label.strip('"'): item for item in items}
    assert len(by_label) == len(items), "an item is offered twice"
    return by_label


@pytest.mark.parametrize("after", ["", '" }', "\n"], ids=["open", "closed", "end of line"])
async def test_part_of_a_parameter_name(client, after):
    await client.start_session(pull=True)
    text, position = with_typed_parameters('\n        { "name": "cust', after)
    items = await completions_at(client, text, position)
    assert {"customer_company_name", "customer_email"} <= set(items)
    for name in ("customer_company_name", "customer_email"):
        assert matches_filter(text, items[name], position)
        after_it = accept(text, items[name], position)
        assert f'"name": "{name}' in after_it
        assert '"cust"' not in after_it and f"cust{name}" not in after_it
    assert await client.end_session() == 0


async def test_an_empty_parameter_name(client):
    await client.start_session(pull=True)
    for after in ("", '"', '" }'):
        text, position = with_typed_parameters('\n        { "name": "', after)
        items = await completions_at(client, text, position, '"')
        assert {"tenant_preference", "microsoft_domain", "offer_attestation"} <= set(items)
        assert (
            '"name": "tenant_preference"'
            in accept(text, items["tenant_preference"], position) + '"'
        )
    assert await client.end_session() == 0


async def test_a_property_of_a_parameter(client):
    await client.start_session(pull=True)
    for before, after in [('\n        { "', ""), ('\n        { "', '" }'), ('\n        { "', '"')]:
        text, position = with_typed_parameters(before, after)
        items = await completions_at(client, text, position, '"')
        assert {"name", "value", "structured_value"} <= set(items)
        assert matches_filter(text, items["name"], position)
        assert '{ "name"' in accept(text, items["name"], position)
        assert '""' not in accept(text, items["name"], position).replace('": ""', "")
    assert await client.end_session() == 0


async def test_a_property_of_the_order(client):
    await client.start_session(pull=True)
    text, position = split_cursor(FULL_ORDER.replace('"poNumber": "PO-2200"', f'"{CURSOR}"'))
    items = await completions_at(client, text, position, '"')
    assert "poNumber" in items
    assert not {"customerId", "products"} & set(items), "properties that exist are offered"
    assert '"poNumber"' in accept(text, items["poNumber"], position)
    documentation = items["poNumber"].documentation
    description = ORDER_SCHEMA["$defs"]["request"]["properties"]["poNumber"]["description"]
    assert description in getattr(documentation, "value", documentation)
    assert await client.end_session() == 0


async def test_part_of_a_property_of_a_line(client):
    await client.start_session(pull=True)
    text, position = split_cursor(FULL_ORDER.replace('"quantity": 3,', f'"qua{CURSOR}'))
    items = await completions_at(client, text, position)
    assert "quantity" in items
    assert matches_filter(text, items["quantity"], position)
    assert '      "quantity"' in accept(text, items["quantity"], position)
    assert await client.end_session() == 0


async def test_enumerated_values(client):
    await client.start_session(pull=True)
    # Each case is the original text, its replacement, the items required and those not allowed.
    for there, instead, expected, unwanted in [
        ('"type": "sales"', f'"type": "{CURSOR}"', {"sales", "change", "renewal"}, {"month"}),
        ('"type": "sales"', f'"type": "sa{CURSOR}"', {"sales"}, {"month"}),
        ('"type": "year"', f'"type": "{CURSOR}"', {"month", "year"}, {"sales"}),
        ('"type": "year"', f'"type": "{CURSOR}', {"month", "year"}, {"sales"}),
        ('"value": "new"', f'"value": "{CURSOR}"', {"new", "existing"}, {"sales"}),
        ('"value": "yes"', f'"value": "{CURSOR}"', {"yes"}, {"existing"}),
        ('"value": "None"', f'"value": "{CURSOR}"', {"None"}, {"existing"}),
    ]:
        text, position = split_cursor(FULL_ORDER.replace(there, instead))
        items = await completions_at(client, text, position, '"')
        assert expected <= set(items), instead
        assert not unwanted & set(items), instead
        for value in expected:
            after = accept(text, items[value], position)
            name = instead[: instead.index(":")]
            assert f'{name}: "{value}' in after
            if instead.endswith('"'):
                assert json.loads(after)
    assert await client.end_session() == 0


async def test_a_string_over_several_lines(client):
    """The protocol requires that an edit is on the line of the cursor."""
    await client.start_session(pull=True)
    for instead in [
        f'"type": "sa{CURSOR}\nles"',
        f'"ty{CURSOR}\npe": "sales"',
        f'"type": "sa\nles{CURSOR}"',
    ]:
        text, position = split_cursor(FULL_ORDER.replace('"type": "sales"', instead))
        for item in (await completions_at(client, text, position)).values():
            accept(text, item, position)
    assert await client.end_session() == 0


async def test_a_value_without_quotes(client):
    await client.start_session(pull=True)
    text, position = split_cursor(FULL_ORDER.replace('"type": "sales"', f'"type": {CURSOR}'))
    items = await completions_at(client, text, position)
    assert "sales" in items
    assert json.loads(accept(text, items["sales"], position))["type"] == "sales"
    assert await client.end_session() == 0


async def test_missing_parameters(client):
    """In an empty array, each item inserts one parameter or all of them, with tab stops."""
    await client.start_session(pull=True)
    for before, after in [("", ""), ("\n        ", ""), (" ", " ")]:
        text, position = with_typed_parameters(before, after)
        items = await completions_at(client, text, position)
        names = set()
        for item in items.values():
            made = json.loads(with_attestations(accept(text, item, position)))
            for parameter in made["products"][0]["parameters"]:
                assert set(parameter) & {"value", "structured_value"}
                names.add(parameter["name"])
        assert {"tenant_preference", "mca_acceptance", "offer_attestation"} <= names
    assert await client.end_session() == 0


async def test_existing_parameters_are_not_offered(client):
    await client.start_session(pull=True)
    text, position = split_cursor(
        FULL_ORDER.replace('"parameters": [\n', f'"parameters": [\n        {CURSOR}\n').replace(
            '        { "name": "mca_acceptance", "value": "yes" },\n', ""
        )
    )
    items = await completions_at(client, text, position)
    after = [accept(text, item, position) for item in items.values()]
    assert any('"mca_acceptance"' in each for each in after)
    for name in ("tenant_preference", "customer_email"):
        assert all(each.count(f'"{name}"') == 1 for each in after)
    assert await client.end_session() == 0


async def test_a_client_without_snippets_gets_plain_text(client):
    await client.start_session(pull=True, snippets=False)
    for text, position in [
        with_typed_parameters(""),
        with_typed_parameters('\n        { "'),
        split_cursor(FULL_ORDER.replace('"poNumber": "PO-2200"', f'"{CURSOR}"')),
    ]:
        items = await completions_at(client, text, position)
        assert items
        for item in items.values():
            assert item.insert_text_format != types.InsertTextFormat.Snippet
            assert not re.search(r"\$\d|\$\{", item.text_edit.new_text)
    text, position = with_typed_parameters("")
    for item in (await completions_at(client, text, position)).values():
        assert json.loads(with_attestations(accept(text, item, position)))
    assert await client.end_session() == 0


@pytest.mark.parametrize("kind", list(types.MarkupKind))
async def test_documentation_has_a_format_that_the_client_supports(client, kind):
    """The client rejects any other format."""
    await client.start_session(pull=True, documentation=[kind])
    text, position = split_cursor(FULL_ORDER.replace('"poNumber": "PO-2200"', f'"{CURSOR}"'))
    assert (await completions_at(client, text, position, '"'))["poNumber"].documentation
    assert await client.end_session() == 0


async def test_free_text_has_no_completions(client):
    """Neither a string without an enumeration nor a file without a payload has completions."""
    await client.start_session(pull=True)
    text, position = split_cursor(FULL_ORDER.replace("PO-2200", f"PO-{CURSOR}"))
    assert await completions_at(client, text, position) == {}
    text, position = split_cursor(f'{{ "name": "owl", "{CURSOR}" }}')
    assert await completions_at(client, text, position) == {}
    assert await client.end_session() == 0


async def test_every_position_is_answered(client):
    """Hover and completion work at every position of an incomplete text."""
    await client.start_session(pull=True)
    half = NINE_MISTAKES[:700]
    client.open(URI, half)
    for index in range(0, len(half) + 1):
        position = position_at(half, index, "utf-16")
        await client.hover(URI, *position)
        for item in await client.completions(URI, *position):
            accept(half, item, position)
    assert await client.end_session() == 0
