-- The lock is free, and somebody waits. Nobody passes those who came before, but the lock may be the caller's by now.
local turn, ends = advance(holder)
if turn == nil or turn == 'caller' then
  local token = grant(holder, tokens, info, lease)
  return 'granted ' .. token .. ' ' .. tokens
end
local answer = taken(ends or 0)
return turn == 'more' and 'more' or answer
