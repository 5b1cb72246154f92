package io.distributedlock.benchmarks.report;

import java.util.List;

/** All numbers, one a line. */
final class Csv {

    private Csv() {}

    static String of(List<Section> sections) {
        StringBuilder text = new StringBuilder("scenario,adapter,metric,median,min,max,violations,target,reached\n");
        for (Section section : sections) {
            for (Row row : section.rows()) {
                row.metrics().forEach((metric, measured) -> {
                    List<Target> targets = Targets.of(section.scenario(), row.adapter()).stream()
                            .filter(target -> target.metric() == metric)
                            .toList();
                    text.append(String.join(
                                    ",",
                                    section.scenario(),
                                    row.adapter(),
                                    metric.title(),
                                    Double.toString(measured.median()),
                                    Double.toString(measured.min()),
                                    Double.toString(measured.max()),
                                    Long.toString(row.violations()),
                                    targets.isEmpty()
                                            ? ""
                                            : Double.toString(targets.get(0).limit()),
                                    targets.isEmpty()
                                            ? ""
                                            : Boolean.toString(targets.get(0).reached(measured))))
                            .append('\n');
                });
            }
        }
        return text.toString();
    }
}
