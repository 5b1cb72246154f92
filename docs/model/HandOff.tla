------------------------------ MODULE HandOff ------------------------------
(* One exclusive lock in Redis, and clients that compete for it: how a free lock is handed to the first claim in the   *)
(* queue, and what may happen to requests, answers and messages on the way.                                            *)
(*                                                                                                                     *)
(* One step of a script is one step here. Requests, answers and messages are sets: whatever is under way may arrive in *)
(* any order, at any time, or never. A client is one process with one command connection and one inbox; it makes one   *)
(* claim after the other, each with a number that is never used again (its random holder).                             *)
(*                                                                                                                     *)
(* There is no clock. Two rules stand for time: a grant may end in the store at any step, but not while its holder     *)
(* believes in it (the holder's deadline is counted from not later than the store's); and a grant under way that ended *)
(* in the store carries that mark, because its receiver could compute it.                                              *)
EXTENDS Integers, Sequences, FiniteSets, TLC
CONSTANTS
  Clients,
  Claims,     \* how many claims a client makes
  Crashes,    \* how many processes may die
  Breaks,     \* how many command connections may break
  Deaf,       \* how many inboxes may break, or be connected to the wrong server
  Overdue,    \* how many grants may end before the client that waits for them hears of them
  Moves,      \* how often the lock may move to a server with another clock (Redis Cluster)
  (* What is built is the first of each line; the others are what we decided against, or what Redis Cluster needs. *)
  Believe,    \* "bounded" a grant that is over is not believed;  "arrival" its lease is counted from the message's arrival;
              \* "answer" no message is: its waiter asks again, after the request under way if there is one (Redis Cluster);
              \* "missed" the same, but a message that comes with a request under way is ignored;
              \* "holder" the token of a message is believed if the store says that its claim has the lock
  Look,       \* "head" a waiter that asks again moves the queue; "self" it takes a free lock itself;  "never" nobody asks again
  Heard,      \* "ask" who listens is asked before the grant;     "unknown" everybody counts as listening (Redis Cluster);
              \* "undo" granted, told, and undone when nobody heard it
  Tombstone,  \* "always" a claim that ends with a request unanswered leaves one; "withdrawn" only if it never held; "none"
  Unknown     \* "ignore" messages nobody waits for are ignored;  "return" the grant is given back
VARIABLES
  owner, token, last, queue, listed,        \* the store: present grant, greatest token so far, claims in order, clients
                                            \* whose inbox it counts as subscribed
  req, stray, ans, msg, rel,                \* under way: acquire requests; those whose connection broke; answers; messages; releases
  pc, n, mine, unsure, open, clock,         \* clients: idle | waits | holds | dead; claim number; token believed in; whether a request
                                            \* was never answered; whether the inbox is connected, as the client sees it;
                                            \* by which clock the last answer was
  crashes, breaks, deaf, overdue, moves,    \* after so many moves the store has clock number moves
  seen                                      \* the greatest token anybody has believed in
store == <<owner, token, last, queue, listed>>
net == <<req, stray, ans, msg, rel>>
client == <<pc, n, mine, unsure, open, clock>>
bounds == <<crashes, breaks, deaf, overdue, moves>>
vars == <<store, net, client, bounds, seen>>

None == <<"nobody", 0>>
Id(c) == <<c, n[c]>>
Waits(x) == x[1] \in Clients /\ x = Id(x[1]) /\ pc[x[1]] = "waits"
Believes(c) == pc[c] = "holds"
Asking(c) == Id(c) \in req \/ \E a \in ans : a.id = Id(c)
Unanswered(c) == Asking(c) \/ unsure[c]
Queued(x) == \E i \in 1..Len(queue) : queue[i] = x
Without(q, x) == SelectSeq(q, LAMBDA y : y # x)

Init == /\ owner = None /\ token = 0 /\ last = 0 /\ queue = <<>> /\ listed = Clients
        /\ req = {} /\ stray = {} /\ ans = {} /\ msg = {} /\ rel = {}
        /\ pc = [c \in Clients |-> "idle"] /\ n = [c \in Clients |-> 0] /\ mine = [c \in Clients |-> 0]
        /\ unsure = [c \in Clients |-> FALSE] /\ open = [c \in Clients |-> TRUE]
        /\ clock = [c \in Clients |-> 0]
        /\ crashes = 0 /\ breaks = 0 /\ deaf = 0 /\ overdue = 0 /\ moves = 0 /\ seen = 0

------------------------------------------------------------------------------
(* The scripts *)

Grant(x, t) == [id |-> x, tok |-> t, late |-> FALSE, clock |-> moves]
(* A message reaches an inbox that is connected; else it is lost, whatever the store counted. One that would be ignored *)
(* on arrival is left out at once, here and below: the model is smaller by that, and nothing else.                      *)
Told(x, t) == IF open[x[1]] /\ (Waits(x) \/ Unknown = "return") THEN {Grant(x, t)} ELSE {}
Unread(c) == IF Unknown = "return" THEN msg ELSE {m \in msg : m.id[1] # c}

(* How every script ends: a free lock goes to the first claim in q that somebody listens for, which is told; the caller *)
(* needs no inbox, for it has the answer. Claims before that one are passed over.                                       *)
Advance(own, q, caller) ==
  LET heard(x) == x = caller \/ x[1] \in listed \/ Heard = "unknown"
      live == {i \in 1..Len(q) : heard(q[i])}
      first == IF live = {} THEN Len(q) + 1 ELSE CHOOSE i \in live : \A j \in live : i <= j
      undone == IF Heard = "undo" THEN 1..(first - 1) ELSE {}
      t == last + Cardinality(undone) + 1
  IN IF own # None \/ q = <<>>
     THEN /\ owner' = own /\ queue' = q /\ token' = IF own = None THEN 0 ELSE token
          /\ UNCHANGED <<last, msg>>
     ELSE /\ owner' = IF live = {} THEN None ELSE q[first]
          /\ token' = IF live = {} THEN 0 ELSE t
          /\ last' = IF live = {} THEN t - 1 ELSE t
          /\ queue' = SubSeq(q, first + 1, Len(q))
          /\ msg' = msg \cup UNION {Told(q[i], last + i) : i \in undone}
                        \cup (IF live = {} \/ q[first] = caller THEN {} ELSE Told(q[first], t))

(* An acquire request of claim x runs. It is answered when its connection still stands and its claim still counts. *)
Acquire(x, connected) ==
  LET answered == connected /\ x = Id(x[1]) /\ pc[x[1]] \in {"waits", "holds"}
      answer(t) == ans' = IF answered THEN ans \cup {Grant(x, t)} ELSE ans
      q == IF Queued(x) THEN queue ELSE Append(queue, x)
  IN /\ UNCHANGED <<listed, rel, client, bounds, seen>>
     /\ IF owner = x THEN UNCHANGED <<owner, token, last, queue, msg>> /\ answer(token)
        ELSE IF Look = "self" /\ owner = None
        THEN /\ owner' = x /\ token' = last + 1 /\ last' = last + 1 /\ queue' = Without(queue, x)
             /\ UNCHANGED msg /\ answer(last + 1)
        ELSE Advance(owner, q, x) /\ answer(IF owner' = x THEN token' ELSE 0)
Serve(x) == x \in req /\ req' = req \ {x} /\ UNCHANGED stray /\ Acquire(x, TRUE)
ServeStray(x) == x \in stray /\ stray' = stray \ {x} /\ UNCHANGED req /\ Acquire(x, FALSE)

(* A tombstone stands for what it does: a claim that has ended sends no request, and those under way come to nothing. *)
ServeRelease(r) ==
  /\ r \in rel /\ rel' = rel \ {r}
  /\ IF r.tombstone THEN req' = req \ {r.id} /\ stray' = stray \ {r.id} ELSE UNCHANGED <<req, stray>>
  /\ Advance(IF owner = r.id THEN None ELSE owner, Without(queue, r.id), None)
  /\ UNCHANGED <<listed, ans, client, bounds, seen>>

------------------------------------------------------------------------------
(* The clients *)

Start(c) == /\ pc[c] = "idle" /\ n[c] < Claims /\ open[c]
            /\ n' = [n EXCEPT ![c] = @ + 1] /\ pc' = [pc EXCEPT ![c] = "waits"]
            /\ unsure' = [unsure EXCEPT ![c] = FALSE] /\ clock' = [clock EXCEPT ![c] = moves]
            /\ req' = req \cup {<<c, n[c] + 1>>}
            /\ UNCHANGED <<store, stray, ans, msg, rel, mine, open, bounds, seen>>

(* The lease that was waited for should be over, or the inbox was connected again, or the last request failed. *)
AskAgain(c) == /\ Look # "never" /\ pc[c] = "waits" /\ ~Asking(c) /\ req' = req \cup {Id(c)}
               /\ UNCHANGED <<store, stray, ans, msg, rel, client, bounds, seen>>

Hold(c, t) == /\ pc' = [pc EXCEPT ![c] = "holds"] /\ mine' = [mine EXCEPT ![c] = t]
              /\ seen' = IF t > seen THEN t ELSE seen
              /\ msg' = Unread(c) /\ UNCHANGED <<n, unsure, open, clock>>

End(c, tombstone) == /\ pc' = [pc EXCEPT ![c] = "idle"] /\ mine' = [mine EXCEPT ![c] = 0] /\ unsure' = [unsure EXCEPT ![c] = FALSE]
                     /\ rel' = rel \cup {[id |-> Id(c), tombstone |-> tombstone]}
                     /\ msg' = Unread(c) /\ ans' = {a \in ans : a.id[1] # c}
                     /\ UNCHANGED <<store, req, stray, n, open, clock, bounds, seen>>

Answered(a) ==
  LET c == a.id[1] IN
  /\ a \in ans
  /\ IF Waits(a.id) /\ a.late THEN End(c, Tombstone # "none" /\ unsure[c])
     ELSE /\ ans' = ans \ {a} /\ UNCHANGED <<store, req, stray, rel, bounds>>
          /\ IF Waits(a.id) /\ a.tok > 0 THEN Hold(c, a.tok)
             ELSE clock' = [clock EXCEPT ![c] = a.clock] /\ UNCHANGED <<pc, n, mine, unsure, open, msg, seen>>

(* Nobody can count from one clock to the other: a grant that is over may look as if it were not. *)
Believed(m) == CASE Believe = "bounded" -> ~m.late \/ (m.clock # clock[m.id[1]] /\ ~Asking(m.id[1]))
                 [] Believe = "holder" -> owner = m.id
                 [] OTHER -> Believe = "arrival"
(* A message that overtakes the answer to the request before it is kept until that comes: here it is still under way. *)
(* So is one that will make its waiter ask again after that answer.                                                   *)
Receive(m) ==
  LET c == m.id[1] IN
  /\ m \in msg /\ (Believe = "answer" => ~Asking(c)) /\ UNCHANGED <<store, stray, ans, bounds>>
  /\ IF Waits(m.id) /\ Believed(m) THEN Hold(c, m.tok) /\ UNCHANGED <<req, rel>>
     ELSE /\ msg' = msg \ {m} /\ UNCHANGED <<client, seen>>
          /\ req' = IF Waits(m.id) /\ Believe \in {"answer", "missed"} /\ ~Asking(c) THEN req \cup {m.id} ELSE req
          /\ rel' = IF Unknown = "return" /\ ~Waits(m.id) THEN rel \cup {[id |-> m.id, tombstone |-> FALSE]} ELSE rel

(* The work is done, or the deadline has passed. *)
Release(c) == /\ pc[c] = "holds" /\ End(c, Tombstone = "always" /\ Unanswered(c))
(* Time-out, interrupt, cancel. *)
Withdraw(c) == /\ pc[c] = "waits" /\ End(c, Tombstone # "none" /\ Unanswered(c))

------------------------------------------------------------------------------
(* What goes wrong *)

Crash(c) == /\ pc[c] \in {"waits", "holds"} /\ crashes < Crashes /\ crashes' = crashes + 1
            /\ pc' = [pc EXCEPT ![c] = "dead"] /\ mine' = [mine EXCEPT ![c] = 0] /\ open' = [open EXCEPT ![c] = FALSE]
            /\ msg' = {m \in msg : m.id[1] # c} /\ ans' = {a \in ans : a.id[1] # c}
            /\ UNCHANGED <<store, req, stray, rel, n, unsure, clock, breaks, deaf, overdue, moves, seen>>

(* The command connection is given up with all that is under way on it; a request may have left already. *)
Break(c) == /\ pc[c] \in {"waits", "holds"} /\ Asking(c) /\ breaks < Breaks /\ breaks' = breaks + 1
            /\ stray' = stray \cup (req \cap {Id(c)}) /\ req' = req \ {Id(c)}
            /\ ans' = {a \in ans : a.id # Id(c)} /\ unsure' = [unsure EXCEPT ![c] = TRUE]
            /\ UNCHANGED <<store, msg, rel, pc, n, mine, open, clock, crashes, deaf, overdue, moves, seen>>

BreakInbox(c) == /\ pc[c] # "dead" /\ open[c] /\ deaf < Deaf /\ deaf' = deaf + 1
                 /\ open' = [open EXCEPT ![c] = FALSE] /\ msg' = {m \in msg : m.id[1] # c}
                 /\ UNCHANGED <<store, req, stray, ans, rel, pc, n, mine, unsure, clock, crashes, breaks>>
                 /\ UNCHANGED <<overdue, moves, seen>>

(* The store notices that an inbox is closed; or the inbox is still open, but at a server that was made a replica. *)
Unlist(c) == /\ c \in listed /\ listed' = listed \ {c}
             /\ IF open[c] THEN deaf < Deaf /\ deaf' = deaf + 1 ELSE UNCHANGED deaf
             /\ UNCHANGED <<owner, token, last, queue, net, client, crashes, breaks, overdue, moves, seen>>

Reopen(c) == /\ pc[c] # "dead" /\ ~(open[c] /\ c \in listed)
             /\ open' = [open EXCEPT ![c] = TRUE] /\ listed' = listed \cup {c}
             /\ UNCHANGED <<owner, token, last, queue, net, pc, n, mine, unsure, clock, bounds, seen>>

(* A grant ends in the store. No script runs then, and nobody is told. *)
Expire == /\ owner # None /\ ~(Believes(owner[1]) /\ Id(owner[1]) = owner /\ mine[owner[1]] = token)
          /\ IF Waits(owner) THEN overdue < Overdue /\ overdue' = overdue + 1 ELSE UNCHANGED overdue
          /\ owner' = None /\ token' = 0
          /\ LET mark(s) == {IF g.id = owner THEN [g EXCEPT !.late = TRUE] ELSE g : g \in s}
             IN msg' = mark(msg) /\ ans' = {IF a.tok > 0 THEN a ELSE [a EXCEPT !.late = FALSE] : a \in mark(ans)}
          /\ UNCHANGED <<last, queue, listed, req, stray, rel, client, crashes, breaks, deaf, moves, seen>>

(* The entry of a claim that waits no more ends by its own deadline. *)
Remove(x) == /\ Queued(x) /\ queue' = Without(queue, x)
             /\ UNCHANGED <<owner, token, last, listed, net, client, bounds, seen>>
Forget(x) == ~Waits(x) /\ Remove(x)

(* All that a server knows of the lock moves to another, whose clock may find any claim in the queue too old. *)
Move == /\ moves < Moves /\ moves' = moves + 1
        /\ UNCHANGED <<store, net, client, crashes, breaks, deaf, overdue, seen>>
Misjudge(x) == moves > 0 /\ Remove(x)

------------------------------------------------------------------------------
Ids == {<<c, k>> : c \in Clients, k \in 1..Claims}
Of(c) == {<<c, k>> : k \in 1..Claims}
Next == \/ \E c \in Clients : \/ Start(c) \/ AskAgain(c) \/ Release(c) \/ Withdraw(c)
                              \/ Crash(c) \/ Break(c) \/ BreakInbox(c) \/ Unlist(c) \/ Reopen(c)
        \/ \E x \in Ids : Serve(x) \/ ServeStray(x) \/ Forget(x) \/ Misjudge(x)
        \/ \E r \in rel : ServeRelease(r)
        \/ \E a \in ans : Answered(a)
        \/ \E m \in msg : Receive(m)
        \/ Expire \/ Move
Spec == Init /\ [][Next]_vars
(* What has to happen some day: servers answer, messages on a connection that stands arrive, holders finish, leases end, *)
(* waiters ask again, inboxes are opened again. Nobody has to start, die, break or give up, and no stray has to arrive.  *)
Fair == /\ WF_vars(Expire)
        /\ \A c \in Clients : /\ WF_vars(AskAgain(c)) /\ WF_vars(Release(c)) /\ WF_vars(Reopen(c))
                              /\ WF_vars(Unlist(c) /\ ~open[c])
                              /\ WF_vars(\E x \in Of(c) : Serve(x)) /\ WF_vars(\E x \in Of(c) : Forget(x))
                              /\ WF_vars(\E r \in rel : r.id[1] = c /\ ServeRelease(r))
                              /\ WF_vars(\E a \in ans : a.id[1] = c /\ Answered(a))
                              /\ WF_vars(\E m \in msg : m.id[1] = c /\ Receive(m))
FairSpec == Spec /\ Fair
Symmetry == Permutations(Clients)

------------------------------------------------------------------------------
(* Whoever believes to have the lock is the only one ... *)
OneBeliever == \A a, b \in Clients : Believes(a) /\ Believes(b) => a = b
(* ... and is the one that the store means. *)
StoreAgrees == \A c \in Clients : Believes(c) => owner = Id(c) /\ token = mine[c]
(* A new holder's token is greater than that of anybody before. *)
TokensGrow == [][\A c \in Clients : pc'[c] = "holds" /\ pc[c] # "holds" => mine'[c] > seen]_vars
(* A claim that has ended, and whose release has arrived, has and gets nothing. *)
NothingLeft == \A x \in Ids : x[2] <= n[x[1]] /\ (x # Id(x[1]) \/ pc[x[1]] = "idle") /\ ~(\E r \in rel : r.id = x)
                              => owner # x /\ ~Queued(x)
(* A free lock is not left lying while somebody waits. *)
NotStuck == ~(/\ owner = None /\ (\E c \in Clients : pc[c] = "waits") /\ req = {} /\ ans = {} /\ msg = {} /\ rel = {}
              /\ ~(\E c \in Clients : ENABLED AskAgain(c)))
(* Who waits gets the lock, gives up or dies. *)
Served == \A c \in Clients : pc[c] = "waits" ~> pc[c] # "waits"
(* When nobody wants the lock any more, the store forgets it. *)
Quiet == \A c \in Clients : pc[c] \in {"idle", "dead"}
Forgotten == []<>(~Quiet \/ (owner = None /\ queue = <<>>))
==============================================================================
