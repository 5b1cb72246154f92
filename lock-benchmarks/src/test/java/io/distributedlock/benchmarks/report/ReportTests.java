package io.distributedlock.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.benchmarks.measure.Statistics;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTests {

    private static final Section S1 = new Section(
            "S1",
            "Uncontended.",
            List.of(
                    row("floor", 1, 1, 1, 0),
                    row("ours-redis", 0.95, 0.91, 1.02, 0),
                    row("ours-redis-pipelined", 1.2, 1.1, 1.3, 0),
                    row("redisson", 0.5, 0.4, 0.6, 2),
                    Row.notMeasured("jetcd", "no etcd on PATH")));

    @TempDir
    Path directory;

    @Test
    void theTableNamesTheTargetBesideWhatWasMeasured() {
        assertThat(Report.text(S1))
                .contains("| adapter | ratio | violations | target | reached | remark |")
                .contains("| ours-redis | 0.95 (0.91–1.02) | 0 | ≥ 0.90 | yes |  |")
                .contains("| ours-redis-pipelined | 1.20 (1.10–1.30) | 0 | ≥ 1.50 | **no**: ratio |  |");
    }

    @Test
    void whatWasNotMeasuredIsSaid() {
        assertThat(Report.text(S1)).contains("| jetcd |  |  |  |  | not measured: no etcd on PATH |");
    }

    @Test
    void aTargetForWhichThereIsNoNumberIsNotReached() {
        Section s3 = new Section("S3", "One name.", List.of(row("ours-redis", 12, 11, 13, 0)));

        assertThat(Report.text(s3)).contains("≥ 10.00, fairness ≥ 0.90 | **no**: fairness |");
    }

    @Test
    void violationsOfAllRowsCount() {
        Report report = new Report();
        report.add(S1);

        assertThat(report.violations()).isEqualTo(2);
    }

    @Test
    void aScenarioThatFailedIsNotOneThatCouldNotBeMeasured() {
        Report report = new Report();
        report.add(S1);

        assertThat(report.hasFailed()).isFalse();

        report.add(new Section("S2", "Uncontended.", List.of(Row.failed(new IllegalStateException("no server")))));

        assertThat(report.hasFailed()).isTrue();
    }

    @Test
    void aFailureOfOursFailsTheRunAndThatOfAnotherIsARemark() {
        String failure = "failed: only 15 of 16 waiters got the lock within 60 s";

        assertThat(reportOf(failing("redisson", failure)).hasFailed()).isFalse();
        assertThat(reportOf(failing("ours-redis-no-handoff", failure)).hasFailed())
                .isTrue();
        assertThat(reportOf(failing("ours-redis", "3 failed, the first with a timeout"))
                        .hasFailed())
                .isTrue();
        assertThat(reportOf(Row.notMeasured("ours-redis", "no redis-server on PATH"))
                        .hasFailed())
                .isFalse();
    }

    @Test
    void remarksAreWrittenDownBesideTheNumbers() throws Exception {
        reportOf(failing("redisson", "1 failed, the first with \"no\",\nand so on"))
                .write(directory, List.of());

        assertThat(directory.resolve("results.csv"))
                .content()
                .contains("S6,redisson,ratio,1.0,1.0,1.0,0,,,\"1 failed, the first with \"\"no\"\", and so on\"\n");
    }

    @Test
    void threeFilesAreWritten() throws Exception {
        Report report = new Report();
        report.add(S1);

        report.write(directory, List.of("Date: today"));

        assertThat(directory.resolve("results.md")).content().contains("- Date: today", "## S1");
        assertThat(directory.resolve("results.csv"))
                .content()
                .contains("S1,ours-redis,ratio,0.95,0.91,1.02,0,0.9,true,\n")
                .contains("S1,redisson,ratio,0.5,0.4,0.6,2,,,\n")
                .contains("S1,jetcd,,,,,,,,\"not measured: no etcd on PATH\"\n");
        assertThat(bars(Files.readString(directory.resolve("results.svg")))).isEqualTo(4);
    }

    private static int bars(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getElementsByTagName("rect")
                .getLength();
    }

    private static Report reportOf(Row row) {
        Report report = new Report();
        report.add(new Section("S6", "Waiting.", List.of(row)));
        return report;
    }

    private static Row failing(String adapter, String remark) {
        return new Row(adapter, Map.of(Metric.RATIO, new Statistics(1, 1, 1)), 0, remark);
    }

    private static Row row(String adapter, double median, double min, double max, long violations) {
        return new Row(adapter, Map.of(Metric.RATIO, new Statistics(median, min, max)), violations, "");
    }
}
