"""The configuration file `countersign.toml`, on disk and as an open document."""

import json

import pytest
from lsprotocol import types

from client import INVALID_PARAMS, diagnostic_fields, error_code, rule_ids, sorted_by_range
from command_line import ROOT, expected_diagnostic, findings
from payloads import ORDER_WITH_WARNING, URI, VALID_ORDER, WARNING_RULE

LEVEL = '[rules]\n"order/company-abbreviation-word" = "{}"\n'


def severities(diagnostics):
    return [int(each.severity) for each in diagnostics if each.code == WARNING_RULE]


async def test_configuration_on_disk(client, tmp_path):
    config = tmp_path / "countersign.toml"
    order = tmp_path / "payloads" / "order.json"
    order.parent.mkdir()
    order.write_text(ORDER_WITH_WARNING)
    uri = order.as_uri()
    await client.start_session({"today": "none"}, watched_files=True, root=tmp_path.as_uri())
    await client.wait_until(lambda: client.registrations, "a registration for watched files")
    [watched] = [
        each
        for each in client.registrations
        if each.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    ]
    assert "countersign.toml" in json.dumps(
        client.protocol._converter.unstructure(watched.register_options)
    )
    client.open(uri, ORDER_WITH_WARNING)
    assert severities(await client.wait_for_diagnostics(uri, 1)) == [2]

    def latest_severities():
        publications = [each for each in client.publications if each.uri == uri]
        return severities(publications[-1].diagnostics)

    async def write_config(text, event):
        if text is None:
            config.unlink()
        else:
            config.write_text(text)
        client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([types.FileEvent(config.as_uri(), event)])
        )

    await write_config(LEVEL.format("error"), types.FileChangeType.Created)
    await client.wait_until(
        lambda: latest_severities() == [1], "the level of the new configuration"
    )
    await write_config(LEVEL.format("off"), types.FileChangeType.Changed)
    await client.wait_until(lambda: latest_severities() == [], "a rule that is off")
    await write_config(None, types.FileChangeType.Deleted)
    await client.wait_until(lambda: latest_severities() == [2], "the rule's own level again")
    # A save reads the configuration again, for clients that do not watch files.
    config.write_text(LEVEL.format("info"))
    client.save(uri)
    await client.wait_until(lambda: latest_severities() == [3], "the level after a save")
    assert await client.end_session() == 0


async def test_errors_in_a_configuration_on_disk_are_reported(client, tmp_path):
    config = tmp_path / "countersign.toml"
    config.write_text('[rules]\n"order/no-such-rule" = "off"\n')
    order = tmp_path / "order.json"
    await client.start_session({"today": "none"}, root=tmp_path.as_uri())
    client.open(order.as_uri(), ORDER_WITH_WARNING)
    assert severities(await client.wait_for_diagnostics(order.as_uri(), 1)) == [2]

    def is_config_reported():
        of_file = [each for each in client.publications if each.uri == config.as_uri()]
        return (of_file and of_file[-1].diagnostics) or client.messages

    await client.wait_until(is_config_reported, "a report of the error in countersign.toml")
    assert await client.end_session() == 0


CONFIGURATIONS = {
    "right": LEVEL.format("error"),
    "an unknown rule and an unknown level": '[rules]\n"order/none" = "off"\n"json/*" = "loud"\n',
    "invalid TOML": "[rules\n",
    "an unknown key after non-ASCII characters": 'x = "🦉" # 🦉\n[[payloads]]\nfiles = 5\n',
    "an ignore without a reason": '[[ignore]]\nrule = "order/sample-value"\n',
    "nothing": "",
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
async def test_configuration_as_a_document(client, tmp_path, name):
    """The server shows the findings of the command line in its configuration file."""
    text = CONFIGURATIONS[name]
    config = tmp_path / "countersign.toml"
    order = tmp_path / "order.json"
    order.write_text(VALID_ORDER)
    config.write_text(text)
    expected_diagnostics = [
        expected_diagnostic(found, text.encode(), "utf-16")
        for found in findings(order, "--today", "none", "--config", config)
    ]
    assert bool(expected_diagnostics) == (name not in ("right", "nothing"))
    config.write_text("")
    await client.start_session({"today": "none"}, root=tmp_path.as_uri())
    client.open(config.as_uri(), text, language="toml")
    diagnostics = await client.wait_for_diagnostics(config.as_uri(), 1)
    assert sorted_by_range(
        diagnostic_fields(each, config.as_uri()) for each in diagnostics
    ) == sorted_by_range(expected_diagnostics)
    client.change(config.as_uri(), 2, "")
    assert await client.wait_for_diagnostics(config.as_uri(), 2) == []
    assert await client.end_session() == 0


async def test_rule_pages(client, tmp_path):
    (tmp_path / "countersign.toml").write_text('rule-pages = "https://rules.fabrikam.com"\n')
    order = tmp_path / "order.json"
    await client.start_session({"today": "none"}, pull=True, root=tmp_path.as_uri())
    client.open(order.as_uri(), ORDER_WITH_WARNING)
    [diagnostic] = (await client.pull(order.as_uri())).items
    assert (
        diagnostic.code_description.href
        == "https://rules.fabrikam.com/order/company-abbreviation-word.md"
    )
    page = await client.request("countersign/rulePage", {"rule": WARNING_RULE})
    assert page["rule"] == WARNING_RULE
    assert page["page"] == (ROOT / f"rules/{WARNING_RULE}.md").read_text()
    assert (
        await error_code(client, "countersign/rulePage", {"rule": "order/no-such"})
        == INVALID_PARAMS
    )
    assert await client.end_session() == 0


async def test_a_kind_declared_in_the_configuration(client, tmp_path):
    """A file that is not recognised as a payload is checked if its kind is declared."""
    (tmp_path / "countersign.toml").write_text(
        '[[payloads]]\nfiles = "orders/*.json"\nkind = "order"\n'
    )
    (tmp_path / "orders").mkdir()
    declared = (tmp_path / "orders" / "a.json").as_uri()
    other = (tmp_path / "a.json").as_uri()
    await client.start_session({"today": "none"}, pull=True, root=tmp_path.as_uri())
    for uri in (declared, other):
        client.open(uri, "{}")
    assert (await client.pull(other)).items == []
    assert "schema/required" in rule_ids((await client.pull(declared)).items)
    assert await client.end_session() == 0


async def test_the_path_of_the_configuration_in_the_settings(client, tmp_path):
    config = tmp_path / "other.toml"
    config.write_text(LEVEL.format("error"))
    await client.start_session({"today": "none", "config": str(config)}, pull=True)
    client.open(URI, ORDER_WITH_WARNING)
    [diagnostic] = (await client.pull(URI)).items
    assert diagnostic_fields(diagnostic, URI)["severity"] == 1
    assert await client.end_session() == 0
