package io.distributedlock.benchmarks.report;

import io.distributedlock.benchmarks.measure.Statistics;
import java.util.Map;

/**
 * What one adapter reached in one scenario.
 *
 * @param adapter its name
 * @param metrics what was measured, in the order of the enum
 * @param violations how often exclusion or the order of tokens was broken
 * @param remark in words, or empty: the first violation, a failure, why it was not measured
 */
public record Row(String adapter, Map<Metric, Statistics> metrics, long violations, String remark) {

    private static final String FAILED = "scenario failed: ";
    private static final String NOT_MEASURED = "not measured: ";

    /**
     * One that was left out, and why.
     *
     * @param adapter its name
     * @param why in words
     * @return a row without numbers
     */
    public static Row notMeasured(String adapter, String why) {
        return new Row(adapter, Map.of(), 0, NOT_MEASURED + why);
    }

    /**
     * All of a scenario, which did not come to its end.
     *
     * @param why what stopped it
     * @return a row without numbers
     */
    public static Row failed(Exception why) {
        return new Row("all", Map.of(), 0, FAILED + why);
    }

    /** Of ours every failure counts: a lock that throws, is lost, or leaves somebody waiting is broken. Of others it is told. */
    boolean hasFailed() {
        return remark.startsWith(FAILED) || (isOurs() && !remark.isEmpty() && !remark.startsWith(NOT_MEASURED));
    }

    private boolean isOurs() {
        return adapter.startsWith("ours");
    }
}
