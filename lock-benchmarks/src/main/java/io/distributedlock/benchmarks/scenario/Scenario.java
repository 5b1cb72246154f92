package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.report.Row;
import java.util.List;
import java.util.Set;

/** One kind of load. */
public interface Scenario {

    /**
     * What it is called in options and tables.
     *
     * @return a short name
     */
    String name();

    /**
     * What is done.
     *
     * @return for the head of its table
     */
    String description();

    /**
     * The stores it needs.
     *
     * @return without all of these it is not measured
     */
    default Set<Store> stores() {
        return Set.of(Store.REDIS);
    }

    /**
     * Whether it measures with {@link Contenders}: they stay for the next scenario that does.
     *
     * @return {@code false} for those to whom further JVMs would be a nuisance
     */
    default boolean usesContenders() {
        return false;
    }

    /**
     * Measures.
     *
     * @param bench servers, adapters and options
     * @return a row for each adapter
     * @throws Exception if it cannot be measured at all
     */
    List<Row> run(Bench bench) throws Exception;
}
