---------------------------- MODULE LocalHandOff ----------------------------
(* The queue inside an instance, on top of one claim at the store: callers of one instance stand in a queue, the queue *)
(* has one claim at the store, its grant brings a range of tokens, and a lease that is released goes to the next local *)
(* caller with the next token of the range, before it goes back to the store.                                          *)
(*                                                                                                                     *)
(* The store is what module HandOff shows it to be: first come, first served, a grant that may be long on its way, and *)
(* may end before it arrives. As there, no clock: a grant does not end in the store while its lease is believed in.    *)
EXTENDS Integers, Sequences, FiniteSets
CONSTANTS
  Instances,  \* how many compete
  Crowd,      \* how many callers the first one has
  Others,     \* how many callers each other one has
  Calls,      \* how many calls a caller makes; 0 = for ever, and then there are no tokens
  Range,      \* tokens of one grant
  Limit,      \* how often a lease may be handed on
  Crashes,    \* how many instances may die
  Overdue,    \* how many grants may end before their instance hears of them
  (* What is built is the first of each line; the others are what must not be built. *)
  HandOn,     \* "held" only a lease that is still believed in is handed on;  "over" also one whose deadline has passed
  Number,     \* "next" whoever gets the lease gets a token of its own;       "same" it takes over the one before
  End,        \* "first" a lease is dead before the next one is made of it;   "after" it is ended then
  To,         \* "waiting" a lease goes to the first that still waits;        "first" to the first in the queue
  Turns       \* "limited" after Limit hand-offs the lock goes to the store;  "unlimited" while there are tokens it stays
VARIABLES
  owner, last, queue,         \* the store: the claim that has the lock, the last token given, claims in order
  msg, rel,                   \* under way: grants, releases
  alive, claim, line,         \* instances: the claim that waits at the store; the callers that stand in line
  pc, obj, calls,             \* callers: out | waits | left | holds | ghost | lost | dead; the lease in hand; calls made
  crashes, overdue,
  seen, bypassed              \* the greatest token anybody believed in; hand-offs since the head of the queue came there
store == <<owner, last, queue>>
instance == <<alive, claim, line>>
caller == <<pc, obj, calls>>
bounds == <<crashes, overdue>>
vars == <<store, msg, rel, instance, caller, bounds, seen, bypassed>>

I == 1..Instances
Callers == {<<i, j>> : i \in I, j \in 1..Crowd} \ {<<i, j>> : i \in 2..Instances, j \in (Others + 1)..Crowd}
Of(i) == {c \in Callers : c[1] = i}
None == <<0, 0>>
Nothing == [claim |-> None, token |-> 0, passes |-> 0]
(* Whether the engine believes in the caller's lease, and renews it. Nobody will ever release that of a ghost. *)
Believes(c) == pc[c] \in {"holds", "ghost"}
Here(i) == \E c \in Of(i) : Believes(c)
Without(q, x) == SelectSeq(q, LAMBDA y : y # x)
Waiting(q) == SelectSeq(q, LAMBDA c : pc[c] = "waits")

(* A holder id is random. Here a number is used again once nothing and nobody knows it any more. *)
Known(x) == \/ x = owner \/ x \in rel \/ x = claim[x[1]] \/ (\E m \in msg : m.id = x) \/ \E c \in Callers : obj[c].claim = x
            \/ \E n \in 1..Len(queue) : queue[n] = x
New(i) == LET free == {n \in 1..(2 * Crowd + 4) : ~Known(<<i, n>>)} IN <<i, CHOOSE n \in free : \A m \in free : n <= m>>

Init == /\ owner = None /\ last = 0 /\ queue = <<>> /\ msg = {} /\ rel = {}
        /\ alive = [i \in I |-> TRUE] /\ claim = [i \in I |-> None] /\ line = [i \in I |-> <<>>]
        /\ pc = [c \in Callers |-> "out"] /\ obj = [c \in Callers |-> Nothing] /\ calls = [c \in Callers |-> 0]
        /\ crashes = 0 /\ overdue = 0 /\ seen = 0 /\ bypassed = 0

------------------------------------------------------------------------------
(* The store *)

Head1(q) == IF q = <<>> THEN None ELSE q[1]
Queue(q) == queue' = q /\ bypassed' = (IF Head1(q) = Head1(queue) THEN bypassed ELSE 0)

Grant == /\ owner = None /\ queue # <<>>
         /\ owner' = Head(queue) /\ Queue(Tail(queue)) /\ last' = IF Calls = 0 THEN 0 ELSE last + Range
         /\ msg' = msg \cup {[id |-> Head(queue), token |-> IF Calls = 0 THEN 0 ELSE last + 1, late |-> FALSE]}
         /\ UNCHANGED <<rel, instance, caller, bounds, seen>>

ServeRelease(x) == /\ x \in rel /\ rel' = rel \ {x}
                   /\ Queue(Without(queue, x))
                   /\ owner' = IF owner = x THEN None ELSE owner
                   /\ UNCHANGED <<last, msg, instance, caller, bounds, seen>>

Believed(x) == \E c \in Callers : Believes(c) /\ obj[c].claim = x
Expire == /\ owner # None /\ ~Believed(owner)
          /\ IF claim[owner[1]] = owner THEN overdue < Overdue /\ overdue' = overdue + 1 ELSE UNCHANGED overdue
          /\ owner' = None /\ msg' = {IF m.id = owner THEN [m EXCEPT !.late = TRUE] ELSE m : m \in msg}
          /\ UNCHANGED <<last, queue, rel, instance, caller, crashes, seen, bypassed>>

(* The claim of an instance that died leaves the queue when somebody notices. *)
Forget(i) == /\ ~alive[i] /\ Queue(SelectSeq(queue, LAMBDA x : x[1] # i)) /\ queue' # queue
             /\ UNCHANGED <<owner, last, msg, rel, instance, caller, bounds, seen>>

------------------------------------------------------------------------------
(* The callers and their queue *)

Call(c) == /\ pc[c] = "out" /\ alive[c[1]] /\ (Calls = 0 \/ calls[c] < Calls)
           /\ calls' = [calls EXCEPT ![c] = IF Calls = 0 THEN 0 ELSE @ + 1]
           /\ pc' = [pc EXCEPT ![c] = "waits"] /\ line' = [line EXCEPT ![c[1]] = Append(@, c)]
           /\ UNCHANGED <<store, msg, rel, alive, claim, obj, bounds, seen, bypassed>>

(* While callers stand in line, their queue has a claim at the store: at the latest when the lock is not here any more, *)
(* and as soon as the time for hand-offs is over, which may be at any moment.                                          *)
Ask(i) == /\ alive[i] /\ claim[i] = None /\ line[i] # <<>>
          /\ claim' = [claim EXCEPT ![i] = New(i)] /\ Queue(Append(queue, New(i)))
          /\ UNCHANGED <<owner, last, msg, rel, alive, line, caller, bounds, seen>>

(* Time-out, interrupt, cancel: the caller decides first, the queue learns it then. The last one withdraws the claim. *)
GiveUp(c) == /\ pc[c] = "waits" /\ pc' = [pc EXCEPT ![c] = "left"]
             /\ UNCHANGED <<store, msg, rel, instance, obj, calls, bounds, seen, bypassed>>
Leave(c) == LET i == c[1]  last1 == Without(line[i], c) = <<>> /\ claim[i] # None IN
            /\ pc[c] = "left" /\ pc' = [pc EXCEPT ![c] = "out"] /\ line' = [line EXCEPT ![i] = Without(@, c)]
            /\ rel' = IF last1 THEN rel \cup {claim[i]} ELSE rel
            /\ claim' = IF last1 THEN [claim EXCEPT ![i] = None] ELSE claim
            /\ UNCHANGED <<store, msg, alive, obj, calls, bounds, seen, bypassed>>

(* Who gets the lease, and who stands in line after that. *)
Takers(i) == IF To = "waiting" THEN Waiting(line[i]) ELSE line[i]
Behind(i) == LET n == CHOOSE n \in 1..Len(line[i]) : line[i][n] = Head(Takers(i)) IN SubSeq(line[i], n + 1, Len(line[i]))
Give(c, lease, states, leases) ==
  /\ pc' = [states EXCEPT ![c] = IF pc[c] = "waits" THEN "holds" ELSE "ghost"] /\ obj' = [leases EXCEPT ![c] = lease]
  /\ line' = [line EXCEPT ![c[1]] = Behind(c[1])]
  /\ seen' = IF lease.token > seen THEN lease.token ELSE seen

(* A grant that is over, or that nobody wants any more, goes back. *)
Granted(i, m) ==
  /\ m \in msg /\ m.id[1] = i /\ alive[i] /\ msg' = msg \ {m} /\ UNCHANGED <<store, alive, calls, bounds, bypassed>>
  /\ IF m.id # claim[i] THEN UNCHANGED <<rel, claim, line, pc, obj, seen>>
     ELSE /\ claim' = [claim EXCEPT ![i] = None]
          /\ IF m.late \/ Takers(i) = <<>>
             THEN /\ rel' = rel \cup {m.id} /\ line' = [line EXCEPT ![i] = Takers(i)]
                  /\ UNCHANGED <<pc, obj, seen>>
             ELSE UNCHANGED rel /\ Give(Head(Takers(i)), [claim |-> m.id, token |-> m.token, passes |-> 0], pc, obj)

MayPass(c) == /\ pc[c] = "holds" \/ (HandOn = "over" /\ pc[c] = "lost")
              /\ obj[c].passes < Range - 1 /\ (Turns = "limited" => obj[c].passes < Limit)
              /\ claim[c[1]] = None /\ Takers(c[1]) # <<>>
(* The work is done. *)
Release(c) ==
  /\ pc[c] \in {"holds", "lost"} /\ UNCHANGED <<store, msg, alive, claim, calls, bounds>>
  /\ IF MayPass(c)
     THEN LET lease == [claim |-> obj[c].claim,
                        token |-> IF Calls = 0 THEN 0 ELSE IF Number = "next" THEN obj[c].token + 1 ELSE obj[c].token,
                        passes |-> IF Calls = 0 /\ Turns = "unlimited" THEN 0 ELSE obj[c].passes + 1]
          IN /\ IF End = "after" THEN Give(Head(Takers(c[1])), lease, pc, obj)
                ELSE Give(Head(Takers(c[1])), lease, [pc EXCEPT ![c] = "out"], [obj EXCEPT ![c] = Nothing])
             /\ bypassed' = (IF queue = <<>> \/ Calls = 0 THEN 0 ELSE bypassed + 1)
             /\ UNCHANGED rel
     ELSE /\ rel' = IF pc[c] = "holds" THEN rel \cup {obj[c].claim} ELSE rel
          /\ pc' = [pc EXCEPT ![c] = "out"] /\ obj' = [obj EXCEPT ![c] = Nothing] /\ UNCHANGED <<line, seen, bypassed>>

(* The deadline passes, or the store says no: the lease is dead. The store is told; what its caller still does is of no *)
(* interest, but where a dead lease may be handed on.                                                                  *)
Lose(c) == /\ Believes(c) /\ rel' = rel \cup {obj[c].claim}
           /\ IF HandOn = "over" /\ pc[c] = "holds" THEN pc' = [pc EXCEPT ![c] = "lost"] /\ UNCHANGED obj
              ELSE pc' = [pc EXCEPT ![c] = "out"] /\ obj' = [obj EXCEPT ![c] = Nothing]
           /\ UNCHANGED <<store, msg, instance, calls, bounds, seen, bypassed>>

Crash(i) == /\ alive[i] /\ crashes < Crashes /\ crashes' = crashes + 1 /\ alive' = [alive EXCEPT ![i] = FALSE]
            /\ pc' = [c \in Callers |-> IF c[1] = i THEN "dead" ELSE pc[c]]
            /\ obj' = [c \in Callers |-> IF c[1] = i THEN Nothing ELSE obj[c]]
            /\ claim' = [claim EXCEPT ![i] = None] /\ line' = [line EXCEPT ![i] = <<>>]
            /\ msg' = {m \in msg : m.id[1] # i}
            /\ UNCHANGED <<store, rel, calls, overdue, seen, bypassed>>

------------------------------------------------------------------------------
Next == \/ Grant \/ Expire \/ \E x \in rel : ServeRelease(x)
        \/ \E i \in I : Ask(i) \/ Crash(i) \/ Forget(i) \/ \E m \in msg : Granted(i, m)
        \/ \E c \in Callers : Call(c) \/ GiveUp(c) \/ Leave(c) \/ Release(c) \/ Lose(c)
Spec == Init /\ [][Next]_vars
(* What has to happen some day. Nobody has to call, give up, lose a lease or die. *)
Fair == /\ WF_vars(Grant) /\ WF_vars(Expire) /\ WF_vars(\E x \in rel : ServeRelease(x))
        /\ \A i \in I : /\ WF_vars(~Here(i) /\ Ask(i)) /\ WF_vars(Forget(i))
                        /\ WF_vars(\E m \in msg : Granted(i, m))
        /\ \A c \in Callers : WF_vars(Leave(c)) /\ WF_vars(Release(c))
FairSpec == Spec /\ Fair
(* Nothing goes wrong, and callers come again and again: whoever starves here does so for want of a turn. *)
Calm == Grant \/ (\E x \in rel : ServeRelease(x)) \/ (\E i \in I : Ask(i) \/ \E m \in msg : Granted(i, m))
              \/ \E c \in Callers : Call(c) \/ Release(c)
CalmSpec == Init /\ [][Calm]_vars /\ Fair

------------------------------------------------------------------------------
(* Over all instances, whoever believes to have the lock is the only one, and of the instance that the store means. *)
OneBeliever == \A a, b \in Callers : Believes(a) /\ Believes(b) => a = b
StoreAgrees == \A c \in Callers : Believes(c) => owner = obj[c].claim
(* A new lease has a greater token than any before it, here and elsewhere. *)
TokensGrow == [][\A c \in Callers : ~Believes(c) /\ Believes(c)' => obj'[c].token > seen]_vars
(* No token is beyond the range that the store has set apart. *)
InRange == \A c \in Callers : Believes(c) => obj[c].token <= last
(* Only who waits gets a lease: not who has left, and not again who had one. *)
OnlyWaiters == [][\A c \in Callers : ~Believes(c) /\ Believes(c)' => pc[c] = "waits"]_vars
(* Whoever is first at the store is passed over by not more than Limit local callers. *)
BoundedBypass == bypassed <= Limit
(* Callers in line whom nobody will serve. *)
NotStuck == ~(/\ owner = None /\ queue = <<>> /\ msg = {} /\ rel = {}
              /\ \E c \in Callers : pc[c] = "waits" /\ ~ENABLED Ask(c[1]))
(* Who waits gets the lock, gives up, or dies. *)
Served == \A c \in Callers : pc[c] = "waits" ~> pc[c] # "waits"
==============================================================================
