-- KEYS[5] the tombstone of the holder
-- ARGV[2] holder   [3] how long a grant lasts, with lock-delay, in ms   [4] how long to wait, in ms   [5] number of tokens
-- ARGV[6] who that is   [7] inbox, claim time, lock-delay, number of tokens, who that is: the claim as it waits
-- Returns {'granted', token, number of tokens} | {'queued' or 'taken', ms until the lock may be free, time in us}
--       | {'more'}: ask again at once | {'gone'}: withdrawn or released before this request came
local holder, wait = ARGV[2], tonumber(ARGV[4])
if redis.call('exists', KEYS[5]) == 1 then return {'gone'} end

local function taken(how)
  local ms = redis.call('pttl', lock)
  -- A lock that never ends was made so by hand: look again after a lease, not at once.
  return {how, text(ms < 0 and ARGV[3] or ms), text(now)}
end

local present, token, tokens = owner()
if present == holder then
  -- Asked again after a lost answer or a lost message: the same grant, for a full lease from now.
  if redis.call('pttl', lock) < tonumber(ARGV[3]) then redis.call('pexpireat', lock, ends(ARGV[3])) end
  return {'granted', token, tokens}
end
if present and wait == 0 then
  leave(holder)
  return taken('taken')
end
if present or redis.call('exists', queue) == 1 then
  enter(holder, wait, ARGV[7])
  local turn = advance(holder)
  if turn ~= 'caller' then
    if wait == 0 then leave(holder) end
    return turn == 'more' and {'more'} or taken(wait == 0 and 'taken' or 'queued')
  end
end
return {'granted', grant(holder, ARGV[5], ARGV[6], ARGV[3]), ARGV[5]}
