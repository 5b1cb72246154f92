-- Whatever a holder has here, grant or place in the queue, goes away.
-- ARGV[2] holder   [3] its claim as it waits, '' = unknown   [4] how long the name stays taken, in ms, 0 = not
-- ARGV[5] how long the tombstone KEYS[4] lasts, in ms, 0 = none
-- Returns whether the holder had the lock, and whether there is more to do (0 or 1 each)
local holder, claim, keep, tombstone = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local prefix = holder .. ' '

local function is(entry) return string.find(entry, prefix, 1, true) == 1 end

-- Lets a claim that waits look by itself after this time.
local function look(waiting, ms)
  local other, inbox = string.match(waiting, '^(%S+) (%S+)')
  if inbox then redis.pcall('publish', inbox, table.concat({'look', other, text(ms)}, ' ')) end
end

local had = value and is(value)
local turn
if had and keep > 0 then
  local _, token, tokens = owner()
  put('', token, tokens, text(clock()), after(keep), '')
  -- Nothing runs when the time is over, and it may be over before the others would look again by themselves.
  for _, other in ipairs(redis.call('zrange', queue, 0, 99)) do look(other, keep) end
elseif had then
  turn = advance()
  if turn ~= 'granted' then redis.call('del', lock) end
else
  -- Rare: a lease that was lost, or a claim of which the client knows no more.
  local mine = claim ~= '' and {claim} or redis.call('zrange', queue, 0, -1)
  for _, entry in ipairs(mine) do
    if is(entry) then redis.call('zrem', queue, entry) end
  end
  if not value then turn = advance() end
end
if tombstone > 0 then redis.call('set', KEYS[4], '', 'px', ARGV[5]) end
return {had and 1 or 0, turn == 'more' and 1 or 0}
