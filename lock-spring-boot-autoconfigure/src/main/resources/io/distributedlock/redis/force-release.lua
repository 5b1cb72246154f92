-- Takes the lock from whoever has it. Returns a token above all that were granted, and whether there is more to do (0 or 1)
-- First the deletion: a server that is short of memory allows that, and refuses writes before it.
redis.call('del', lock)
value = false
local token = text(reserve(1))
return {token, advance() == 'more' and 1 or 0}
