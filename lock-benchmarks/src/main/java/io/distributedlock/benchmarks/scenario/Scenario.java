package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.report.Row;
import java.util.List;

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
     * Measures.
     *
     * @param bench servers, adapters and options
     * @return a row for each adapter
     * @throws Exception if it cannot be measured at all
     */
    List<Row> run(Bench bench) throws Exception;
}
