package io.distributedlock.benchmarks.report;

import io.distributedlock.benchmarks.measure.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * What one of ours has to reach.
 *
 * @param scenario where
 * @param adapter who
 * @param metric what
 * @param limit how much
 * @param atLeast {@code true} if more is better
 */
record Target(String scenario, String adapter, Metric metric, double limit, boolean atLeast) {

    boolean isFor(String aScenario, String anAdapter) {
        return scenario.equals(aScenario) && adapter.equals(anAdapter);
    }

    boolean reached(@Nullable Statistics measured) {
        return measured != null && (atLeast ? measured.median() >= limit : measured.median() <= limit);
    }

    /** Only what is not the ratio is named. */
    String text() {
        String sign = atLeast ? "≥ " : "≤ ";
        return (metric == Metric.RATIO ? "" : metric.title() + " ") + sign + metric.format(limit);
    }
}
