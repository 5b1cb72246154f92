package io.distributedlock.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A way for scripts to the server, and for their answers back. */
interface Route {

    /** Runs a script. The arguments are asked for right before it is sent. */
    <T> CompletableFuture<T> eval(Duration patience, Script script, String[] keys, Supplier<String[]> arguments);

    /** Whether the calling thread may be kept until the answer is there: then patience must be short. */
    boolean keepsCaller();
}
