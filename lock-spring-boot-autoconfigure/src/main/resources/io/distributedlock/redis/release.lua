-- Whatever a holder has here, grant or place in the queue, goes away.
-- KEYS[5] the tombstone of the holder
-- ARGV[2] holder   [3] how long the name stays taken, in ms, 0 = not   [4] how long the tombstone lasts, in ms, 0 = none
-- Returns whether the holder had the lock, and whether there is more to do (0 or 1 each)
local holder, keep, tombstone = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local present, token, tokens = owner()
local had = present == holder
leave(holder)
if tombstone > 0 then redis.call('set', KEYS[5], '', 'px', tombstone) end
if had and keep > 0 then
  redis.call('set', lock, table.concat({'', token, tokens, text(now), ''}, ' '), 'pxat', ends(keep))
  -- Nothing runs when the time is over, and it may be over before the others would look again by themselves.
  for _, other in ipairs(redis.call('zrange', queue, 0, 99)) do look(other, keep) end
elseif had then
  redis.call('del', lock)
end
return {had and 1 or 0, advance() == 'more' and 1 or 0}
