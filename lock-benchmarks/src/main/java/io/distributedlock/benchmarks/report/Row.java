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

    /**
     * One that was left out, and why.
     *
     * @param adapter its name
     * @param why in words
     * @return a row without numbers
     */
    public static Row notMeasured(String adapter, String why) {
        return new Row(adapter, Map.of(), 0, "not measured: " + why);
    }
}
