package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.Adapters;
import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.measure.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Several JVMs that want the same lock. They stay for all scenarios that follow each other and need them, because it takes
 * long to warm them up: of a lock that JVMs pass around each one gets some hundred grants in a second at first, and code is
 * compiled by the number of its calls.
 */
public final class Contenders implements AutoCloseable {

    static final int JVMS = 4;
    static final int THREADS_EACH = 4;

    /** Of all JVMs together; by then most of what a grant needs is compiled. */
    private static final long WARM_GRANTS = 60_000;

    /** Some that are slow would get faster still. */
    private static final int MOST_STEPS = 10;

    private static final double STEP_SECONDS = 2;

    private @Nullable Children children;

    /** Opens nothing yet. */
    public Contenders() {}

    /** With clients for all adapters that wait, and for those that they are compared with, which are warm as well. */
    Children warm(Bench bench) throws Exception {
        Children present = children;
        if (present != null) {
            return present;
        }
        List<Adapter> adapters = bench.adaptersThatWait(Store.REDIS);
        List<Adapter> open = new ArrayList<>(adapters);
        Adapter floor = Adapters.floor(Store.REDIS);
        Adapter handOff = WithWork.handOff(Store.REDIS);
        for (Adapter reference : List.of(floor, handOff)) {
            if (!open.contains(reference)) {
                open.add(reference);
            }
        }
        Children made = new Children(bench, JVMS, open);
        children = made;
        warmUp(bench, floor.name(), () -> made.alone(floor.name(), "warm-up:floor", 1, STEP_SECONDS));
        warmUp(bench, WithWork.REFERENCE, () -> made.alone(handOff.name(), "warm-up", Contended.THREADS, STEP_SECONDS));
        for (Adapter adapter : adapters) {
            String lock = "warm-up:" + adapter.name();
            warmUp(bench, adapter.name(), () -> made.contend(adapter.name(), lock, THREADS_EACH, STEP_SECONDS, 0));
        }
        return made;
    }

    private static void warmUp(Bench bench, String name, Callable<Slice> turn) throws Exception {
        StringBuilder line = new StringBuilder("  warming up: ").append(name);
        long grants = 0;
        for (int step = 0; step < MOST_STEPS && grants < WARM_GRANTS; step++) {
            Slice slice = turn.call();
            if (slice.violations() > 0) {
                throw new IllegalStateException(name + " failed while it was warmed up: " + slice.remark());
            }
            grants += slice.grants().stream().mapToLong(each -> each).sum();
            line.append(" %.0f %s".formatted(slice.perSecond(), slice.remark()).stripTrailing());
        }
        bench.progress().accept(line.toString());
    }

    /** Ends the JVMs, if there are any; whoever needs some later gets new ones. */
    @Override
    public void close() throws IOException {
        Children present = children;
        children = null;
        if (present != null) {
            present.close();
        }
    }
}
