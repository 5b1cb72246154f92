package io.distributedlock.benchmarks.report;

import io.distributedlock.benchmarks.measure.Statistics;
import java.util.List;

/** All numbers, one a line; a row without numbers has one line for its remark. */
final class Csv {

    private Csv() {}

    static String of(List<Section> sections) {
        StringBuilder text =
                new StringBuilder("scenario,adapter,metric,median,min,max,violations,target,reached,remark\n");
        for (Section section : sections) {
            for (Row row : section.rows()) {
                if (row.metrics().isEmpty()) {
                    line(text, section.scenario(), row.adapter(), "", "", "", "", "", "", "", quoted(row.remark()));
                }
                row.metrics().forEach((metric, measured) -> line(text, section.scenario(), row, metric, measured));
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String scenario, Row row, Metric metric, Statistics measured) {
        List<Target> targets = Targets.of(scenario, row.adapter()).stream()
                .filter(target -> target.metric() == metric)
                .toList();
        line(
                text,
                scenario,
                row.adapter(),
                metric.title(),
                Double.toString(measured.median()),
                Double.toString(measured.min()),
                Double.toString(measured.max()),
                Long.toString(row.violations()),
                targets.isEmpty() ? "" : Double.toString(targets.get(0).limit()),
                targets.isEmpty() ? "" : Boolean.toString(targets.get(0).reached(measured)),
                quoted(row.remark()));
    }

    private static void line(StringBuilder text, String... cells) {
        text.append(String.join(",", cells)).append('\n');
    }

    /** What an exception says may contain anything. */
    private static String quoted(String remark) {
        return remark.isEmpty() ? "" : '"' + remark.replace('\n', ' ').replace("\"", "\"\"") + '"';
    }
}
