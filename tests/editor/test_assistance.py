"""Hover, completion and document symbols: what helps while a payload is written."""

import json
import re

import pytest
from lsprotocol import types

from command_line import FIXTURES, ROOT
from editor import pairs
from text import apply_edits, index_at, position_at

FULL = (FIXTURES / "valid/order/new-tenant-full.json").read_text()
SCHEMA = json.loads((ROOT / "schemas/order.schema.json").read_text())
HERE = "untitled:order.json"
# Where the cursor stands.
CURSOR = "▮"


def at(text, part, inside=1):
    """The position so many characters behind the start of the part, which stands there once."""
    assert text.count(part) == 1, part
    return position_at(text, text.index(part) + inside, "utf-16")


def typed(before, after=""):
    """The full order with something typed in place of the parameters, and the cursor's place."""
    start = FULL.index('"parameters": [') + len('"parameters": [')
    end = FULL.index("\n      ]")
    text = FULL[:start] + before + CURSOR + after + FULL[end:]
    return without_cursor(text)


def without_cursor(text):
    index = text.index(CURSOR)
    text = text.replace(CURSOR, "")
    return text, position_at(text, index, "utf-16")


def plain(snippet):
    """A snippet with the first of its proposals."""
    snippet = re.sub(r"\$\{\d+\|((?:[^,|\\]|\\.)*)(?:[^|\\]|\\.)*\|\}", r"\1", snippet)
    snippet = re.sub(r"\$\{\d+:((?:[^}\\]|\\.)*)\}", r"\1", snippet)
    snippet = re.sub(r"(?<!\\)\$(?:\d+|\{\d+\})", "", snippet)
    return re.sub(r"\\([$}\\,|])", r"\1", snippet)


def completed(text, item, place):
    """The text once the item is taken."""
    edit = item.text_edit
    assert edit is not None, f"what {item.label} replaces is left to the editor's guess"
    span = getattr(edit, "range", None) or edit.insert
    assert span.start.line == span.end.line == place[0], "an edit must stay in the cursor's line"
    assert span.start.character <= place[1] <= span.end.character
    new = edit.new_text
    if item.insert_text_format == types.InsertTextFormat.Snippet:
        new = plain(new)
    edits = [(*pairs(span)[0], *pairs(span)[1], new)]
    for more in item.additional_text_edits or []:
        edits.append((*pairs(more.range)[0], *pairs(more.range)[1], more.new_text))
    return apply_edits(text, edits, "utf-16")


def filled_in(text):
    """An attestation is left to a person: no proposal brings one."""
    return re.sub(r'("attestation_accepted":) *\}', r"\1 null }", text)


def stays_listed(text, item, place):
    """Whether an editor keeps the item in the list for what is typed so far."""
    span = getattr(item.text_edit, "range", None) or item.text_edit.insert
    start = index_at(text, *pairs(span)[0], "utf-16")
    so_far = text[start : index_at(text, *place, "utf-16")]
    return (item.filter_text or item.label).lower().startswith(so_far.lower())


async def proposals(editor, text, place, trigger=None):
    editor.open(HERE, text)
    items = await editor.completions(HERE, *place, trigger)
    editor.close(HERE)
    by_label = {item.label.strip('"'): item for item in items}
    assert len(by_label) == len(items), "something is proposed twice"
    return by_label


# Completion.


@pytest.mark.parametrize("after", ["", '" }', "\n"], ids=["open", "closed", "end of line"])
async def test_half_a_parameter_name(editor, after):
    await editor.begin(pull=True)
    text, place = typed('\n        { "name": "cust', after)
    items = await proposals(editor, text, place)
    assert {"customer_company_name", "customer_email"} <= set(items)
    for name in ("customer_company_name", "customer_email"):
        assert stays_listed(text, items[name], place)
        after_it = completed(text, items[name], place)
        assert f'"name": "{name}' in after_it
        assert '"cust"' not in after_it and f"cust{name}" not in after_it
    assert await editor.finish() == 0


async def test_a_parameter_name_that_is_opened(editor):
    await editor.begin(pull=True)
    for after in ("", '"', '" }'):
        text, place = typed('\n        { "name": "', after)
        items = await proposals(editor, text, place, '"')
        assert {"tenant_preference", "microsoft_domain", "offer_attestation"} <= set(items)
        assert (
            '"name": "tenant_preference"'
            in completed(text, items["tenant_preference"], place) + '"'
        )
    assert await editor.finish() == 0


async def test_a_member_of_a_parameter(editor):
    await editor.begin(pull=True)
    for before, after in [('\n        { "', ""), ('\n        { "', '" }'), ('\n        { "', '"')]:
        text, place = typed(before, after)
        items = await proposals(editor, text, place, '"')
        assert {"name", "value", "structured_value"} <= set(items)
        assert stays_listed(text, items["name"], place)
        assert '{ "name"' in completed(text, items["name"], place)
        assert '""' not in completed(text, items["name"], place).replace('": ""', "")
    assert await editor.finish() == 0


async def test_a_member_of_the_order(editor):
    await editor.begin(pull=True)
    text, place = without_cursor(FULL.replace('"poNumber": "PO-2200"', f'"{CURSOR}"'))
    items = await proposals(editor, text, place, '"')
    assert "poNumber" in items
    assert not {"customerId", "products"} & set(items), "members that are there are not proposed"
    assert '"poNumber"' in completed(text, items["poNumber"], place)
    documentation = items["poNumber"].documentation
    description = SCHEMA["$defs"]["request"]["properties"]["poNumber"]["description"]
    assert description in getattr(documentation, "value", documentation)
    assert await editor.finish() == 0


async def test_half_a_member_of_a_line(editor):
    await editor.begin(pull=True)
    text, place = without_cursor(FULL.replace('"quantity": 3,', f'"qua{CURSOR}'))
    items = await proposals(editor, text, place)
    assert "quantity" in items
    assert stays_listed(text, items["quantity"], place)
    assert '      "quantity"' in completed(text, items["quantity"], place)
    assert await editor.finish() == 0


async def test_closed_values(editor):
    await editor.begin(pull=True)
    # Each: what stands there, what is typed instead, and what must be proposed and what not.
    for there, instead, wanted, unwanted in [
        ('"type": "sales"', f'"type": "{CURSOR}"', {"sales", "change", "renewal"}, {"month"}),
        ('"type": "sales"', f'"type": "sa{CURSOR}"', {"sales"}, {"month"}),
        ('"type": "year"', f'"type": "{CURSOR}"', {"month", "year"}, {"sales"}),
        ('"type": "year"', f'"type": "{CURSOR}', {"month", "year"}, {"sales"}),
        ('"value": "new"', f'"value": "{CURSOR}"', {"new", "existing"}, {"sales"}),
        ('"value": "yes"', f'"value": "{CURSOR}"', {"yes"}, {"existing"}),
        ('"value": "None"', f'"value": "{CURSOR}"', {"None"}, {"existing"}),
    ]:
        text, place = without_cursor(FULL.replace(there, instead))
        items = await proposals(editor, text, place, '"')
        assert wanted <= set(items), instead
        assert not unwanted & set(items), instead
        for value in wanted:
            after = completed(text, items[value], place)
            name = instead[: instead.index(":")]
            assert f'{name}: "{value}' in after
            if instead.endswith('"'):
                assert json.loads(after)
    assert await editor.finish() == 0


async def test_a_text_that_runs_over_a_line_end(editor):
    """An edit keeps to the cursor's line, as the protocol has it, wherever the text ends."""
    await editor.begin(pull=True)
    for instead in [
        f'"type": "sa{CURSOR}\nles"',
        f'"ty{CURSOR}\npe": "sales"',
        f'"type": "sa\nles{CURSOR}"',
    ]:
        text, place = without_cursor(FULL.replace('"type": "sales"', instead))
        for item in (await proposals(editor, text, place)).values():
            completed(text, item, place)
    assert await editor.finish() == 0


async def test_a_value_without_quotes(editor):
    await editor.begin(pull=True)
    text, place = without_cursor(FULL.replace('"type": "sales"', f'"type": {CURSOR}'))
    items = await proposals(editor, text, place)
    assert "sales" in items
    assert json.loads(completed(text, items["sales"], place))["type"] == "sales"
    assert await editor.finish() == 0


async def test_missing_parameters_whole(editor):
    """In an empty list each proposal is one parameter, or all, ready to be filled in."""
    await editor.begin(pull=True)
    for before, after in [("", ""), ("\n        ", ""), (" ", " ")]:
        text, place = typed(before, after)
        items = await proposals(editor, text, place)
        names = set()
        for item in items.values():
            made = json.loads(filled_in(completed(text, item, place)))
            for parameter in made["products"][0]["parameters"]:
                assert set(parameter) & {"value", "structured_value"}
                names.add(parameter["name"])
        assert {"tenant_preference", "mca_acceptance", "offer_attestation"} <= names
    assert await editor.finish() == 0


async def test_parameters_that_are_there_are_not_missing(editor):
    await editor.begin(pull=True)
    text, place = without_cursor(
        FULL.replace('"parameters": [\n', f'"parameters": [\n        {CURSOR}\n').replace(
            '        { "name": "mca_acceptance", "value": "yes" },\n', ""
        )
    )
    items = await proposals(editor, text, place)
    after = [completed(text, item, place) for item in items.values()]
    assert any('"mca_acceptance"' in each for each in after)
    for name in ("tenant_preference", "customer_email"):
        assert all(each.count(f'"{name}"') == 1 for each in after)
    assert await editor.finish() == 0


async def test_plain_text_for_clients_without_snippets(editor):
    await editor.begin(pull=True, snippets=False)
    for text, place in [
        typed(""),
        typed('\n        { "'),
        without_cursor(FULL.replace('"poNumber": "PO-2200"', f'"{CURSOR}"')),
    ]:
        items = await proposals(editor, text, place)
        assert items
        for item in items.values():
            assert item.insert_text_format != types.InsertTextFormat.Snippet
            assert not re.search(r"\$\d|\$\{", item.text_edit.new_text)
    text, place = typed("")
    for item in (await proposals(editor, text, place)).values():
        assert json.loads(filled_in(completed(text, item, place)))
    assert await editor.finish() == 0


@pytest.mark.parametrize("kind", list(types.MarkupKind))
async def test_documentation_is_of_a_kind_that_the_client_knows(editor, kind):
    """The client's library refuses any other."""
    await editor.begin(pull=True, documentation=[kind])
    text, place = without_cursor(FULL.replace('"poNumber": "PO-2200"', f'"{CURSOR}"'))
    assert (await proposals(editor, text, place, '"'))["poNumber"].documentation
    assert await editor.finish() == 0


async def test_nothing_where_nothing_is_closed(editor):
    """Free text gets no proposals, and neither does a file that is no payload."""
    await editor.begin(pull=True)
    text, place = without_cursor(FULL.replace("PO-2200", f"PO-{CURSOR}"))
    assert await proposals(editor, text, place) == {}
    text, place = without_cursor(f'{{ "name": "owl", "{CURSOR}" }}')
    assert await proposals(editor, text, place) == {}
    assert await editor.finish() == 0


async def test_every_place_is_answered(editor):
    """At no place of a text that is being typed the server fails."""
    await editor.begin(pull=True)
    half = (FIXTURES / "invalid/several/nine-mistakes.json").read_text()[:700]
    editor.open(HERE, half)
    for index in range(0, len(half) + 1):
        place = position_at(half, index, "utf-16")
        await editor.hover(HERE, *place)
        for item in await editor.completions(HERE, *place):
            completed(half, item, place)
    assert await editor.finish() == 0


# Hover.


async def test_hover_on_a_finding(editor):
    await editor.begin(pull=True)
    text = (FIXTURES / "invalid/order/mpn-shape.json").read_text()
    editor.open(HERE, text)
    [diagnostic] = (await editor.pull(HERE)).items
    (line, character), (_, end) = pairs(diagnostic.range)
    page = (ROOT / "rules/order/mpn-shape.md").read_text()
    first = page.split("\n\n")[1]
    for place in (character, character + 1, end - 1):
        hover = await editor.hover(HERE, line, place)
        assert first in hover
        assert "order/mpn-shape" in hover
    assert await editor.finish() == 0


async def test_hover_on_members(editor):
    await editor.begin(pull=True)
    editor.open(HERE, FULL)
    definitions = SCHEMA["$defs"]
    for part, owner, member in [
        ('"customerId"', "request", "customerId"),
        ('"subscriptionPeriod"', "request", "subscriptionPeriod"),
        ('"mpn"', "salesLine", "mpn"),
        ('"quantity"', "salesLine", "quantity"),
    ]:
        description = definitions[owner]["properties"][member]["description"]
        assert description in await editor.hover(HERE, *at(FULL, part)), member
    assert await editor.finish() == 0


async def test_hover_on_parameters(editor):
    await editor.begin(pull=True)
    editor.open(HERE, FULL)
    seen = set()
    for name in ("tenant_preference", "mca_acceptance", "effective_country", "offer_attestation"):
        hover = await editor.hover(HERE, *at(FULL, f'"{name}"'))
        assert len(hover) > len(name) + 20
        seen.add(hover)
    assert len(seen) == 4, "each parameter has a description of its own"
    assert await editor.finish() == 0


async def test_hover_on_nothing(editor):
    await editor.begin(pull=True)
    editor.open(HERE, FULL)
    assert await editor.hover(HERE, *at(FULL, '  "type": "sales"', 0)) is None
    assert await editor.hover(HERE, 999, 0) is None
    assert await editor.finish() == 0


async def test_hover_counts_as_the_client_does(editor):
    await editor.begin(pull=True, encodings=[types.PositionEncodingKind.Utf8])
    text = '{ "customerId": "🦉🦉🦉🦉🦉🦉", "type": "sales", "products": [] }'
    editor.open(HERE, text)
    description = SCHEMA["$defs"]["request"]["properties"]["type"]["description"]
    for index in range(text.index('"type"') + 1, text.index('"type"') + 5):
        hover = await editor.hover(HERE, *position_at(text, index, "utf-8"))
        assert hover and description in hover
    assert await editor.finish() == 0


# Symbols.


async def symbols(editor):
    return await editor.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(HERE))
    )


async def test_symbols(editor):
    await editor.begin(pull=True)
    editor.open(HERE, FULL)
    found = await symbols(editor)
    names = set()

    def walk(symbol, outer):
        start, end = pairs(symbol.range)
        inner_start, inner_end = pairs(symbol.selection_range)
        assert start <= inner_start <= inner_end <= end, f"{symbol.name} is selected outside itself"
        assert outer[0] <= start <= end <= outer[1], f"{symbol.name} is outside its parent"
        assert symbol.name.strip()
        names.add(symbol.name)
        for child in symbol.children or []:
            walk(child, (start, end))

    for symbol in found:
        walk(symbol, ((0, 0), position_at(FULL, len(FULL), "utf-16")))
    joined = "\n".join(names)
    # Whatever a symbol is called, the order, its line and its parameters can be found by it.
    for part in ("1000420011", "CFQ7TTC0LCHC:0002", "tenant_preference", "offer_attestation"):
        details = joined + "".join(str(symbol.detail) for symbol in flat(found))
        assert part in details, part
    assert await editor.finish() == 0


def flat(found):
    for symbol in found:
        yield symbol
        yield from flat(symbol.children or [])


async def test_symbols_of_a_flat_client(editor):
    await editor.begin(pull=True, hierarchical=False)
    editor.open(HERE, FULL)
    found = await symbols(editor)
    assert found
    for symbol in found:
        assert isinstance(symbol, types.SymbolInformation)
        assert symbol.location.uri == HERE
    assert await editor.finish() == 0


async def test_symbols_of_several_records(editor):
    await editor.begin(pull=True)
    editor.open(HERE, f"[{FULL},\n{FULL.replace('1000420011', '1000420012')}]")
    found = list(flat(await symbols(editor)))
    names = "".join(f"{symbol.name} {symbol.detail}\n" for symbol in found)
    assert "1000420011" in names and "1000420012" in names
    assert await editor.finish() == 0


async def test_no_symbols_where_there_is_no_payload(editor):
    await editor.begin(pull=True)
    editor.open(HERE, "")
    assert not await symbols(editor)
    assert await editor.finish() == 0
