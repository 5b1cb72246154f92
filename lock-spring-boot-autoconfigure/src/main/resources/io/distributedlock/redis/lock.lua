-- What the scripts of one lock begin with. They are put together from files, and what most calls need comes first: a function
-- is made anew in each run of a script, so one that stands behind an early return costs nothing.
-- KEYS[1] the lock      a string: holder, token, number of tokens, since (us), end (ms), who that is; no holder = kept without an owner
-- KEYS[2] its last token
-- KEYS[3] its queue     a sorted set by arrival (us) of claims: holder, inbox, claim time (ms), lock-delay (ms), wait time (ms),
--                       number of tokens, who that is
-- KEYS[4] where there is one, the tombstone of a holder
-- ARGV[1] how long the last token is kept, in ms
local lock, last, queue = KEYS[1], KEYS[2], KEYS[3]
local value, latest, gone = unpack(redis.call('mget', lock, last, unpack(KEYS, 4)))
