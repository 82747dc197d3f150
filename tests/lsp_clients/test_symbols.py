"""Document symbols."""

from lsprotocol import types

from client import pairs
from payloads import FULL_ORDER, URI
from text_document import position_at


async def request_symbols(client):
    return await client.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(URI))
    )


async def test_symbols(client):
    await client.start_session(pull=True)
    client.open(URI, FULL_ORDER)
    found = await request_symbols(client)
    names = set()

    def walk(symbol, outer):
        start, end = pairs(symbol.range)
        inner_start, inner_end = pairs(symbol.selection_range)
        assert start <= inner_start <= inner_end <= end, (
            f"the selection range of {symbol.name} is outside its range"
        )
        assert outer[0] <= start <= end <= outer[1], f"{symbol.name} is outside its parent"
        assert symbol.name.strip()
        names.add(symbol.name)
        for child in symbol.children or []:
            walk(child, (start, end))

    for symbol in found:
        walk(symbol, ((0, 0), position_at(FULL_ORDER, len(FULL_ORDER), "utf-16")))
    joined = "\n".join(names)
    # The names and details contain the ids of the order, its line and its parameters.
    for part in ("1000420011", "CFQ7TTC0LCHC:0002", "tenant_preference", "offer_attestation"):
        details = joined + "".join(str(symbol.detail) for symbol in flatten(found))
        assert part in details, part
    assert await client.end_session() == 0


def flatten(found):
    for symbol in found:
        yield symbol
        yield from flatten(symbol.children or [])


async def test_symbols_for_a_client_without_hierarchy(client):
    await client.start_session(pull=True, hierarchical=False)
    client.open(URI, FULL_ORDER)
    found = await request_symbols(client)
    assert found
    for symbol in found:
        assert isinstance(symbol, types.SymbolInformation)
        assert symbol.location.uri == URI
    assert await client.end_session() == 0


async def test_symbols_of_several_records(client):
    await client.start_session(pull=True)
    client.open(URI, f"[{FULL_ORDER},\n{FULL_ORDER.replace('1000420011', '1000420012')}]")
    found = list(flatten(await request_symbols(client)))
    names = "".join(f"{symbol.name} {symbol.detail}\n" for symbol in found)
    assert "1000420011" in names and "1000420012" in names
    assert await client.end_session() == 0


async def test_no_symbols_without_a_payload(client):
    await client.start_session(pull=True)
    client.open(URI, "")
    assert not await request_symbols(client)
    assert await client.end_session() == 0
