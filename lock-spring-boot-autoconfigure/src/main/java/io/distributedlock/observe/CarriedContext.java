package io.distributedlock.observe;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;

/** What threads carry along by Micrometer's context propagation: the trace, what a log line says of its request. */
public final class CarriedContext {

    private static final ContextSnapshotFactory SNAPSHOTS =
            ContextSnapshotFactory.builder().build();

    private CarriedContext() {}

    /**
     * Lets work have on any thread what the calling thread carries now.
     *
     * @param work to be done later
     * @return the same work, with that
     */
    public static Runnable around(Runnable work) {
        ContextSnapshot snapshot = SNAPSHOTS.captureAll();
        return snapshot.wrap(work);
    }
}
