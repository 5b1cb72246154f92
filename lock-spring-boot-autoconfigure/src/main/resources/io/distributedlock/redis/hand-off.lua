-- Whether somebody listens at an inbox. Asked before a grant, never learned from the answer to its message: replicas get
-- the message too, and a client that still listens at one of them would believe in a grant that was undone here. A monitor
-- that subscribes to patterns does not count. Unknown where the user may not ask, and in a Cluster, where each server counts
-- its own listeners only: then a claim counts as alive.
local function listens(inbox)
  if string.find(inbox, '}cluster-inbox:', 1, true) then return true end
  local count = redis.pcall('pubsub', 'numsub', inbox)
  return count.err ~= nil or count[2] ~= 0
end

-- Gives a lock that is free, or that its holder gives up here, to the first live claim in the queue: for its claim time,
-- and it is told. A claim whose inbox nobody listens at is passed over: its process is gone. A script that failed between
-- grant and message would leave half a hand-off, so an error undoes the grant: such a message was not sent to anybody.
-- Takes the holder that calls, if it wants the lock, and what was popped from the queue already, if anything was.
-- Returns 'granted' and the end of the grant (ms), 'caller' when it is the caller's turn (left to the caller to take),
-- 'more' when there is more to do, nil when nobody waits. The lock of a holder that gave it up stays, unless granted.
local function advance(caller, popped)
  for _ = 1, 100 do
    local head, arrival = unpack(popped or redis.call('zpopmin', queue))
    if not head then return nil end
    popped = nil
    local holder, inbox, ms, delay, wait, tokens, info = string.match(head, '^(%S+) (%S+) (%d+) (%d+) (%d+) (%d+) (.*)$')
    if holder and holder == caller then return 'caller' end
    if holder and arrival + wait * 1000 >= clock() and listens(inbox) then
      local token, ends = grant(holder, tokens, info, ms + delay)
      local message = table.concat({'granted', holder, token, tokens, text(clock()), ms}, ' ')
      if type(redis.pcall('publish', inbox, message)) == 'number' then return 'granted', ends end
      redis.call('del', lock)
      value = false
    end
  end
  return redis.call('exists', queue) == 1 and 'more' or nil
end
