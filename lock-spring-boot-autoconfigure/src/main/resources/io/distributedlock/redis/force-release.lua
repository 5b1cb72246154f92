-- Takes the lock from whoever has it. Returns a token above all that were granted, and whether there is more to do (0 or 1)
local token = reserve(1)
redis.call('del', lock)
return {token, advance() == 'more' and 1 or 0}
