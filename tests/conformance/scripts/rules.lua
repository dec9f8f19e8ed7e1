-- What the kit asks of LUAScript: a check that asks another one, and one without end.
local registry = Registry()
registry:simple_query('kit_nested', function(_, arguments)
  return Core():simple_query(arguments[1], {})
end)
registry:simple_query('kit_slow', function() while true do end end)
