package io.distributedlock.benchmarks.measure;

import java.util.Arrays;
import java.util.Collection;

/**
 * What several rounds say together.
 *
 * @param median the middle one, or between the two in the middle
 * @param min the least
 * @param max the greatest
 */
public record Statistics(double median, double min, double max) {

    /**
     * Of at least one number.
     *
     * @param values in any order
     * @return their statistics
     */
    public static Statistics of(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("There are no numbers to make statistics of");
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Statistics(median, sorted[0], sorted[sorted.length - 1]);
    }

    /**
     * The value that a part of all values does not exceed.
     *
     * @param values in any order, at least one
     * @param part between 0 and 1
     * @return one of the values
     */
    public static double percentile(double[] values, double part) {
        if (values.length == 0) {
            throw new IllegalArgumentException("There are no numbers to take a percentile of");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(part * sorted.length);
        return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)];
    }
}
