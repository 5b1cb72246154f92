-- KEYS[4] the tombstone of the holder
-- ARGV[2] the claim as it waits   [3] how long a grant lasts, with lock-delay, in ms   [4] how long to wait, in ms
-- Returns {'granted', token, number of tokens} | {'queued' or 'taken', ms until the lock may be free, time in us}
--       | {'more'}: ask again at once | {'gone'}: withdrawn or released before this request came
if gone then return {'gone'} end
local claim, lease, wait = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local holder, tokens, info = string.match(claim, '^(%S+) %S+ %d+ %d+ %d+ (%d+) (.*)$')

local present, token, count, since, ends, who = owner()
if present == holder then
  -- Asked again after a lost answer or a lost message: the same grant, for a full lease from now.
  if after(lease) > tonumber(ends) then put(holder, token, count, since, after(lease), who) end
  return {'granted', token, count}
end
local turn = 'granted'
if not present then
  turn = nil
  if redis.call('exists', queue) == 1 then turn, ends = advance(holder) end
end
if turn == nil or turn == 'caller' then return {'granted', grant(holder, tokens, info, lease), tokens} end

if wait > 0 then
  -- The same claim keeps its place. The end of the key is set late enough that it need not be set for each claim.
  redis.call('zadd', queue, 'nx', text(clock()), claim)
  if redis.call('pttl', queue) <= wait then redis.call('pexpire', queue, text(2 * wait + 1)) end
else
  redis.call('zrem', queue, claim)
end
if turn == 'more' then return {'more'} end
local left = ends - math.floor(clock() / 1000)
-- A lock that stays beyond its end was made to by hand: look again after a lease, not at once.
left = left < -1000 and lease or math.max(left, 0)
return {wait > 0 and 'queued' or 'taken', text(left), text(clock())}
