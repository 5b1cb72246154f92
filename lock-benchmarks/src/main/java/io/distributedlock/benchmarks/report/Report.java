package io.distributedlock.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Everything that a run has found out. */
public final class Report {

    private final List<Section> sections = new ArrayList<>();

    /**
     * Adds a scenario's result.
     *
     * @param section the next one
     */
    public void add(Section section) {
        sections.add(section);
    }

    /**
     * How often a lock was caught in this run.
     *
     * @return zero if all is well
     */
    public long violations() {
        return sections.stream()
                .flatMap(section -> section.rows().stream())
                .mapToLong(Row::violations)
                .sum();
    }

    /**
     * Whether something went wrong, other than by what is not there on this machine.
     *
     * @return {@code true} if a scenario could not be run to its end, or one of our locks failed in it
     */
    public boolean hasFailed() {
        return sections.stream().flatMap(section -> section.rows().stream()).anyMatch(Row::hasFailed);
    }

    /**
     * One scenario as it will be in the table.
     *
     * @param section the scenario
     * @return Markdown
     */
    public static String text(Section section) {
        return Markdown.of(List.of(), List.of(section)).replaceAll("(?s)^.*?\n## ", "## ");
    }

    /**
     * Writes {@code results.md}, {@code results.csv} and {@code results.svg}.
     *
     * @param directory made if it is not there
     * @param head where and when this was measured
     * @throws IOException if that fails
     */
    public void write(Path directory, List<String> head) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("results.md"), Markdown.of(head, sections));
        Files.writeString(directory.resolve("results.csv"), Csv.of(sections));
        Files.writeString(directory.resolve("results.svg"), Plot.of(sections));
    }
}
