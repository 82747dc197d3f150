"""Hover on findings, properties and parameters."""

from lsprotocol import types

from client import pairs
from command_line import FIXTURES, ROOT
from payloads import FULL_ORDER, ORDER_SCHEMA, URI
from text_document import position_at


def position_of(text, part, inside=1):
    """Returns the position `inside` characters after the start of a part, which occurs once."""
    assert text.count(part) == 1, part
    return position_at(text, text.index(part) + inside, "utf-16")


async def test_hover_on_a_finding(client):
    await client.start_session(pull=True)
    text = (FIXTURES / "invalid/order/mpn-shape.json").read_text()
    client.open(URI, text)
    [diagnostic] = (await client.pull(URI)).items
    (line, character), (_, end) = pairs(diagnostic.range)
    page = (ROOT / "rules/order/mpn-shape.md").read_text()
    first = page.split("\n\n")[1]
    for position in (character, character + 1, end - 1):
        hover = await client.hover(URI, line, position)
        assert first in hover
        assert "order/mpn-shape" in hover
    assert await client.end_session() == 0


async def test_hover_on_properties(client):
    await client.start_session(pull=True)
    client.open(URI, FULL_ORDER)
    definitions = ORDER_SCHEMA["$defs"]
    for part, definition, name in [
        ('"customerId"', "request", "customerId"),
        ('"subscriptionPeriod"', "request", "subscriptionPeriod"),
        ('"mpn"', "salesLine", "mpn"),
        ('"quantity"', "salesLine", "quantity"),
    ]:
        description = definitions[definition]["properties"][name]["description"]
        assert description in await client.hover(URI, *position_of(FULL_ORDER, part)), name
    assert await client.end_session() == 0


async def test_hover_on_parameters(client):
    await client.start_session(pull=True)
    client.open(URI, FULL_ORDER)
    seen = set()
    for name in ("tenant_preference", "mca_acceptance", "effective_country", "offer_attestation"):
        hover = await client.hover(URI, *position_of(FULL_ORDER, f'"{name}"'))
        assert len(hover) > len(name) + 20
        seen.add(hover)
    assert len(seen) == 4, "two parameters have the same description"
    assert await client.end_session() == 0


async def test_no_hover_between_values(client):
    await client.start_session(pull=True)
    client.open(URI, FULL_ORDER)
    assert await client.hover(URI, *position_of(FULL_ORDER, '  "type": "sales"', 0)) is None
    assert await client.hover(URI, 999, 0) is None
    assert await client.end_session() == 0


async def test_hover_uses_the_position_encoding(client):
    await client.start_session(pull=True, encodings=[types.PositionEncodingKind.Utf8])
    text = '{ "customerId": "🦉🦉🦉🦉🦉🦉", "type": "sales", "products": [] }'
    client.open(URI, text)
    description = ORDER_SCHEMA["$defs"]["request"]["properties"]["type"]["description"]
    for index in range(text.index('"type"') + 1, text.index('"type"') + 5):
        hover = await client.hover(URI, *position_at(text, index, "utf-8"))
        assert hover and description in hover
    assert await client.end_session() == 0
