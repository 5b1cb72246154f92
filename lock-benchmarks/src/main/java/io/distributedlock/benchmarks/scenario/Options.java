package io.distributedlock.benchmarks.scenario;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/**
 * What to measure, and for how long.
 *
 * @param scenarios names, or empty for all
 * @param adapters names, or empty for all
 * @param rounds how often each adapter has its turn
 * @param seconds how long a turn is
 * @param output where the results go
 */
public record Options(List<String> scenarios, List<String> adapters, int rounds, double seconds, Path output) {

    private static final Path PUBLISHED = Path.of("docs", "performance");
    private static final Path TRIAL = Path.of("lock-benchmarks", "target", "performance");

    /**
     * Reads {@code bench.*}; what is blank is as if it were not there.
     *
     * @param properties of the system
     * @return the options
     */
    public static Options from(Properties properties) {
        List<String> scenarios = list(properties, "bench.scenarios");
        List<String> adapters = list(properties, "bench.adapters");
        String output = properties.getProperty("bench.output", "").strip();
        boolean complete = scenarios.isEmpty() && adapters.isEmpty();
        return new Options(
                scenarios,
                adapters,
                (int) number(properties, "bench.rounds", 5),
                number(properties, "bench.seconds", 0.8),
                // What was measured in part must not take the place of a published whole.
                output.isEmpty() ? (complete ? PUBLISHED : TRIAL) : Path.of(output));
    }

    /**
     * Whether only names are asked for.
     *
     * @return {@code true} for {@code bench.scenarios=list}
     */
    public boolean isList() {
        return scenarios.contains("list");
    }

    private static List<String> list(Properties properties, String key) {
        return Arrays.stream(properties.getProperty(key, "").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static double number(Properties properties, String key, double unlessSaid) {
        String text = properties.getProperty(key, "").strip();
        if (text.isEmpty()) {
            return unlessSaid;
        }
        try {
            double value = Double.parseDouble(text);
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " must be a number, but was '" + text + "'", e);
        }
        throw new IllegalArgumentException(key + " must be more than 0, but was " + text);
    }
}
