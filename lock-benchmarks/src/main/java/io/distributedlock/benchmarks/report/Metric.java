package io.distributedlock.benchmarks.report;

/** What is measured, and how it is written down. */
public enum Metric {
    RATIO("ratio", 2),
    PER_SECOND("per second", 0),
    FAIRNESS("fairness", 2),
    P50_MICROS("p50 µs", 0),
    P99_MICROS("p99 µs", 0),
    LATENCY_RATIO("p50 ÷ floor pair", 2),
    TIME_TO_TRANSACTIONAL("p50 ÷ transactional", 2),
    TIME_TO_LOCKED("p50 ÷ locked", 2),
    CPU_PERCENT("client CPU %", 2),
    CPU_RATIO("CPU ÷ Redisson's", 2),
    HEAP_BYTES("heap B per lease", 0),
    COMMANDS_PER_SECOND("commands per second", 0),
    GROWTH("growth after cycles", 2),
    COMMANDS_PER_HAND_OFF("commands per hand-off", 2),
    IDLE_COMMANDS_PER_SECOND("idle commands per second", 1),
    NANOS("ns per operation", 1);

    private final String title;
    private final int decimals;

    Metric(String title, int decimals) {
        this.title = title;
        this.decimals = decimals;
    }

    /**
     * The head of its column.
     *
     * @return for people
     */
    public String title() {
        return title;
    }

    /**
     * Writes a value of it.
     *
     * @param value the value
     * @return with as many decimals as make sense
     */
    public String format(double value) {
        return String.format(java.util.Locale.ROOT, "%." + decimals + "f", value);
    }
}
