-- Opens a file in Neovim, waits for its diagnostics, applies a fix and saves the file.
--
-- Environment variables:
--   COUNTERSIGN  the binary of the server
--   FILE         the file to open
--   ACTION       the fix: `none`, `all` for all safe fixes, or a rule whose first fix is applied
--   OUTPUT       the file for the diagnostics before and after the fix, as JSON
--   RECIPE       a file with the configuration that starts the server (optional)
--
-- Runs in Neovim 0.7 to 0.10.

local timeout_ms = 30000

-- The document version of the latest diagnostics.
local diagnostics_version = -1
local publish = vim.lsp.handlers["textDocument/publishDiagnostics"]
vim.lsp.handlers["textDocument/publishDiagnostics"] = function(failure, result, context, config)
  publish(failure, result, context, config)
  diagnostics_version = result.version or diagnostics_version
end

local function fail(message)
  io.stderr:write(message .. "\n")
  vim.cmd("cquit 1")
end

local function wait_for(what, condition)
  if not vim.wait(timeout_ms, condition, 10) then
    fail("timeout: " .. what)
  end
end

-- The version that the client sent to the server for the buffer's text.
local function version()
  local buffer = vim.api.nvim_get_current_buf()
  local versions = vim.lsp.util.buf_versions
  return versions and versions[buffer] or vim.api.nvim_buf_get_changedtick(buffer)
end

-- Returns the diagnostics of the current text; waits for them if necessary.
local function diagnostics()
  wait_for("diagnostics of version " .. version(), function()
    return diagnostics_version >= version()
  end)
  local list = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    table.insert(list, {
      rule = each.code,
      source = each.source,
      severity = each.severity,
      message = each.message,
      -- Zero-based, with columns in bytes.
      start = { each.lnum, each.col },
      stop = { each.end_lnum, each.end_col },
    })
  end
  return list
end

local function apply_fix(client, action, list)
  local context = { diagnostics = {} }
  local range = { start = { line = 0, character = 0 }, ["end"] = { line = 0, character = 0 } }
  if action == "all" then
    context.only = { "source.fixAll.countersign" }
  else
    for _, each in ipairs(list) do
      if each.rule == action then
        -- The range is the whole line, as in vim.lsp.buf.code_action().
        range.start = { line = each.start[1], character = 0 }
        range["end"] = { line = each.stop[1] + 1, character = 0 }
        break
      end
    end
    context.only = { "quickfix" }
  end
  local parameters = {
    textDocument = { uri = vim.uri_from_bufnr(0) },
    range = range,
    context = context,
  }
  local responses = vim.lsp.buf_request_sync(0, "textDocument/codeAction", parameters, timeout_ms)
  for _, response in pairs(responses or {}) do
    for _, offered in ipairs(response.result or {}) do
      vim.lsp.util.apply_workspace_edit(offered.edit, client.offset_encoding)
      return offered.title
    end
  end
  fail("no fix is offered for " .. action)
end

local function main()
  -- Neovim must not change bytes outside the fixes, such as a missing final line ending.
  vim.o.fixendofline = false
  vim.o.swapfile = false
  if vim.env.RECIPE then
    dofile(vim.env.RECIPE)
  end
  vim.cmd("edit " .. vim.fn.fnameescape(vim.env.FILE))

  -- A recipe starts the server itself when the file is opened.
  if not vim.env.RECIPE then
    local number = vim.lsp.start_client({
      name = "countersign",
      cmd = { vim.env.COUNTERSIGN, "lsp" },
      root_dir = vim.fn.fnamemodify(vim.env.FILE, ":h"),
      init_options = { today = "none", config = "none" },
    })
    vim.lsp.buf_attach_client(0, number)
  end
  local client
  wait_for("the server", function()
    _, client = next(vim.lsp.buf_get_clients(0))
    return client and client.initialized
  end)

  local result = { before = diagnostics() }
  if vim.env.ACTION ~= "none" then
    result.title = apply_fix(client, vim.env.ACTION, result.before)
    result.after = diagnostics()
    vim.cmd("write")
  end

  local output = io.open(vim.env.OUTPUT, "w")
  output:write(vim.fn.json_encode(result))
  output:close()

  client.stop()
  wait_for("the exit of the server", function()
    return client.is_stopped()
  end)
end

local done, failure = xpcall(main, debug.traceback)
if not done then
  fail(failure)
end
vim.cmd("qall!")
