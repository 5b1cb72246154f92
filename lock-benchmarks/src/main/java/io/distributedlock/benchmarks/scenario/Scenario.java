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
     * Measures.
     *
     * @param bench servers, adapters and options
     * @return a row for each adapter
     * @throws Exception if it cannot be measured at all
     */
    List<Row> run(Bench bench) throws Exception;
}
