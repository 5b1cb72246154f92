package io.distributedlock.benchmarks.report;

import io.distributedlock.benchmarks.measure.Statistics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Tables for people: one for each scenario. */
final class Markdown {

    private Markdown() {}

    static String of(List<String> head, List<Section> sections) {
        StringBuilder text = new StringBuilder("# Results\n\nWritten by the benchmarks themselves; how to read them: "
                + "[README.md](README.md). The same numbers: [results.csv](results.csv).\n\n");
        head.forEach(line -> text.append("- ").append(line).append('\n'));
        text.append("\n![Ratios to the floor](results.svg)\n");
        sections.forEach(section -> append(text, section));
        return text.toString();
    }

    private static void append(StringBuilder text, Section section) {
        SortedSet<Metric> metrics = new TreeSet<>();
        section.rows().forEach(row -> metrics.addAll(row.metrics().keySet()));
        List<String> columns = new ArrayList<>(List.of("adapter"));
        metrics.forEach(metric -> columns.add(metric.title()));
        columns.addAll(List.of("violations", "target", "reached", "remark"));
        text.append("\n## ").append(section.scenario()).append("\n\n");
        text.append(section.description()).append("\n\n");
        line(text, columns);
        line(text, Collections.nCopies(columns.size(), "---"));
        section.rows().forEach(row -> line(text, cells(section.scenario(), row, metrics)));
    }

    private static List<String> cells(String scenario, Row row, SortedSet<Metric> metrics) {
        List<String> cells = new ArrayList<>(List.of(row.adapter()));
        metrics.forEach(metric -> cells.add(cell(metric, row)));
        cells.add(row.metrics().isEmpty() ? "" : Long.toString(row.violations()));
        List<Target> targets = Targets.of(scenario, row.adapter());
        cells.add(String.join(", ", targets.stream().map(Target::text).toList()));
        cells.add(reached(targets, row));
        cells.add(row.remark().replace('\n', ' ').replace("|", "\\|"));
        return cells;
    }

    /** The ratio is what a run is made for: it is shown with its spread. */
    private static String cell(Metric metric, Row row) {
        Statistics measured = row.metrics().get(metric);
        if (measured == null) {
            return "";
        }
        String median = metric.format(measured.median());
        return metric == Metric.RATIO
                ? "%s (%s–%s)".formatted(median, metric.format(measured.min()), metric.format(measured.max()))
                : median;
    }

    private static String reached(List<Target> targets, Row row) {
        if (targets.isEmpty() || row.metrics().isEmpty()) {
            return "";
        }
        List<String> missed = targets.stream()
                .filter(target -> !target.reached(row.metrics().get(target.metric())))
                .map(target -> target.metric().title())
                .toList();
        return missed.isEmpty() ? "yes" : "**no**: " + String.join(", ", missed);
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
