-- Does in Neovim what a person does: opens a file, waits for what the server says, takes a fix, saves.
-- The environment says what: COUNTERSIGN the server's program, FILE the file, ACTION the fix
-- (`none`, `all` for all safe fixes, or a rule whose first fix is taken), OUTPUT where the diagnostics
-- go as JSON, before and after, RECIPE a file with the settings that start the server, if any.
-- Runs in Neovim 0.7 to 0.10.

local patience = 30000

-- The version of the text to which the newest set of diagnostics belongs.
local judged = -1
local publish = vim.lsp.handlers["textDocument/publishDiagnostics"]
vim.lsp.handlers["textDocument/publishDiagnostics"] = function(failure, result, context, config)
  publish(failure, result, context, config)
  judged = result.version or judged
end

local function fail(message)
  io.stderr:write(message .. "\n")
  vim.cmd("cquit 1")
end

local function wait_for(what, condition)
  if not vim.wait(patience, condition, 10) then
    fail("waited in vain for " .. what)
  end
end

-- The version under which the server knows the buffer's text.
local function version()
  local buffer = vim.api.nvim_get_current_buf()
  local versions = vim.lsp.util.buf_versions
  return versions and versions[buffer] or vim.api.nvim_buf_get_changedtick(buffer)
end

-- The diagnostics of the buffer once they are those of its present text.
local function diagnostics()
  wait_for("diagnostics of version " .. version(), function()
    return judged >= version()
  end)
  local list = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    table.insert(list, {
      rule = each.code,
      source = each.source,
      severity = each.severity,
      message = each.message,
      -- From 0, and columns in bytes.
      start = { each.lnum, each.col },
      stop = { each.end_lnum, each.end_col },
    })
  end
  return list
end

local function take_fix(client, action, list)
  local context = { diagnostics = {} }
  local range = { start = { line = 0, character = 0 }, ["end"] = { line = 0, character = 0 } }
  if action == "all" then
    context.only = { "source.fixAll.countersign" }
  else
    for _, each in ipairs(list) do
      if each.rule == action then
        -- By the line alone, as vim.lsp.buf.code_action() does with the cursor in it.
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
  local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", parameters, patience)
  for _, answer in pairs(answers or {}) do
    for _, offered in ipairs(answer.result or {}) do
      vim.lsp.util.apply_workspace_edit(offered.edit, client.offset_encoding)
      return offered.title
    end
  end
  fail("no fix is offered for " .. action)
end

local function main()
  -- Bytes that no fix touches stay as they are, the end of the file too.
  vim.o.fixendofline = false
  vim.o.swapfile = false
  if vim.env.RECIPE then
    dofile(vim.env.RECIPE)
  end
  vim.cmd("edit " .. vim.fn.fnameescape(vim.env.FILE))

  -- A recipe has attached the server by itself when the file was opened.
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
    result.title = take_fix(client, vim.env.ACTION, result.before)
    result.after = diagnostics()
    vim.cmd("write")
  end

  local output = io.open(vim.env.OUTPUT, "w")
  output:write(vim.fn.json_encode(result))
  output:close()

  client.stop()
  wait_for("the server's end", function()
    return client.is_stopped()
  end)
end

local done, failure = xpcall(main, debug.traceback)
if not done then
  fail(failure)
end
vim.cmd("qall!")
