package io.distributedlock.benchmarks.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What happened in a short time under one kind of load.
 *
 * @param seconds how long it was
 * @param grants how often each thread had the lock and had given it back before the time was over
 * @param violations how often the lock was caught
 * @param remark the first violation or failure in words, or empty
 */
public record Slice(double seconds, List<Long> grants, long violations, String remark) {

    /**
     * All grants in a second.
     *
     * @return of all threads together
     */
    public double perSecond() {
        return grants.stream().mapToLong(Long::longValue).sum() / seconds;
    }

    /**
     * How evenly the threads were served.
     *
     * @return the least grants of a thread divided by the most: 1 is fair, 0 means that somebody got nothing
     */
    public double fairness() {
        long most = grants.stream().mapToLong(Long::longValue).max().orElse(0);
        long least = grants.stream().mapToLong(Long::longValue).min().orElse(0);
        return most == 0 ? 0 : (double) least / most;
    }

    /**
     * One slice that several JVMs had at the same time.
     *
     * @param parts at least one
     * @return all together
     */
    public static Slice together(List<Slice> parts) {
        List<Long> grants = new ArrayList<>();
        parts.forEach(part -> grants.addAll(part.grants()));
        return new Slice(
                parts.stream().mapToDouble(Slice::seconds).max().orElseThrow(),
                grants,
                parts.stream().mapToLong(Slice::violations).sum(),
                parts.stream()
                        .map(Slice::remark)
                        .filter(remark -> !remark.isEmpty())
                        .findFirst()
                        .orElse(""));
    }

    /**
     * As a line for another JVM.
     *
     * @return without line breaks
     */
    public String toLine() {
        return "%s %s %d %s"
                .formatted(
                        seconds,
                        String.join(",", grants.stream().map(String::valueOf).toList()),
                        violations,
                        remark.replace('\n', ' '));
    }

    /**
     * From another JVM.
     *
     * @param line what {@link #toLine()} has answered
     * @return an equal slice
     */
    public static Slice fromLine(String line) {
        String[] parts = line.split(" ", 4);
        return new Slice(
                Double.parseDouble(parts[0]),
                Arrays.stream(parts[1].split(",")).map(Long::valueOf).toList(),
                Long.parseLong(parts[2]),
                parts[3]);
    }
}
