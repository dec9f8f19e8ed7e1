-- A script for trying things out: names whose answers are always the same. Nothing of it
-- runs unless the settings name it: nscp lua add --script mock.lua
local perf = "'a label'=30Z;20;30;10;50 'another label'=33Z;20;30"

local function mock_query(command, args)
  return 'ok', command .. '::' .. table.concat(args, ','), perf
end

local function mock_exec(command, args)
  return 'ok', command .. '::' .. table.concat(args, ',')
end

local function mock_submission(channel, command, code, lines)
  for message, figures in pairs(lines) do
    nscp.info(channel .. ': ' .. command .. ' is ' .. code .. ': ' .. message ..
      (figures ~= '' and '|' .. figures or ''))
  end
  return true, 'taken'
end

-- Ends an agent that was started by "nscp test".
local function mock_exit()
  local code, lines = Core():simple_exec('CommandClient', 'exit', {})
  return code, table.concat(lines, '\n')
end

local registry = Registry()
registry:simple_query('mock_query', mock_query, 'Mock query used during tests')
registry:simple_query('mock_exit', mock_exit, 'Ends an agent in test mode')
registry:simple_cmdline('mock_exec', mock_exec)
registry:simple_subscription('mock_submission', mock_submission)

function main(args)
  return 'ok', 'mock::' .. table.concat(args, ',')
end
