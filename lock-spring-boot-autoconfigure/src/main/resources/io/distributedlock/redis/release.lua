-- Whatever a holder has here, grant or place in the queue, goes away.
-- ARGV[2] holder   [3] its claim as it stands in the queue, '' = unknown   [4] how long the name stays taken, in ms, 0 = not
-- ARGV[5] how long the tombstone KEYS[4] lasts, in ms, 0 = none
-- Returns 1 when the holder had the lock, and 2 more when there is more to do
local mine = ARGV[2] .. ' '
local had = value and string.find(value, mine, 1, true) == 1
local head
if had and ARGV[4] == '0' then
  head = redis.call('zpopmin', queue)
  if not head[1] and ARGV[5] == '0' then
    redis.call('del', lock)
    return 1
  end
end
