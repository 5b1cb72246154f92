package io.distributedlock.benchmarks.report;

import io.distributedlock.benchmarks.measure.Statistics;
import java.util.List;
import java.util.Locale;

/** Ratios as bars on a logarithmic scale. Its colours suit light and dark pages. */
final class Plot {

    private static final int LEFT = 190;
    private static final int WIDTH = 560;
    private static final int RIGHT = 60;
    private static final int BAR = 14;
    private static final int STEP = 18;
    private static final int TOP = 40;
    private static final double LEAST = 0.01;
    private static final double MOST = 100;

    private static final String STYLE = """
            <style>
              text { font: 12px system-ui, sans-serif; fill: #24292f }
              .scenario { font-weight: 600 }
              .axis { stroke: #8c959f; stroke-width: 1 }
              .one { stroke: #8c959f; stroke-width: 2 }
              .floor { fill: #8c959f }
              .ours { fill: #1f883d }
              .peer { fill: #4493f8 }
              @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }
            </style>
            """;

    private final StringBuilder bars = new StringBuilder();
    private int y = TOP;

    private Plot() {}

    static String of(List<Section> sections) {
        Plot plot = new Plot();
        sections.forEach(plot::add);
        return plot.document();
    }

    private void add(Section section) {
        List<Row> rows = section.rows().stream()
                .filter(row -> row.metrics().containsKey(Metric.RATIO))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        y += STEP;
        text(0, y, "scenario", section.scenario());
        for (Row row : rows) {
            y += STEP;
            Statistics ratio = row.metrics().getOrDefault(Metric.RATIO, new Statistics(LEAST, LEAST, LEAST));
            double end = x(ratio.median());
            text(12, y, "name", row.adapter());
            bars.append(line(
                    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                    kind(row.adapter()), LEFT, y - BAR + 3, end - LEFT, BAR));
            text(end + 4, y, "value", Metric.RATIO.format(ratio.median()));
        }
        y += STEP / 2;
    }

    private String document() {
        StringBuilder grid = new StringBuilder();
        for (double mark : new double[] {0.01, 0.1, 1, 10, 100}) {
            grid.append(line(
                    "<line class=\"%s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>",
                    mark == 1 ? "one" : "axis", x(mark), TOP - 8, x(mark), y + 8));
            grid.append(line("<text x=\"%.1f\" y=\"%d\">%s</text>", x(mark) - 6, TOP - 14, label(mark)));
        }
        return line(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">",
                        LEFT + WIDTH + RIGHT, y + 20)
                + "<title>Ratio to the floor of the same run; more is better</title>\n"
                + STYLE + grid + bars + "</svg>\n";
    }

    private void text(double x, int baseline, String kind, String what) {
        bars.append(line("<text class=\"%s\" x=\"%.1f\" y=\"%d\">%s</text>", kind, x, baseline, what));
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }

    private static String label(double mark) {
        return mark < 1 ? Double.toString(mark) : Integer.toString((int) mark);
    }

    private static String kind(String adapter) {
        return adapter.startsWith("ours") ? "ours" : adapter.startsWith("floor") ? "floor" : "peer";
    }

    private static double x(double ratio) {
        double bounded = Math.max(LEAST, Math.min(MOST, ratio));
        return LEFT + WIDTH * Math.log(bounded / LEAST) / Math.log(MOST / LEAST);
    }
}
