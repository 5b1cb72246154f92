package io.distributedlock.benchmarks;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.Adapters;
import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.report.Report;
import io.distributedlock.benchmarks.report.Row;
import io.distributedlock.benchmarks.report.Section;
import io.distributedlock.benchmarks.scenario.Bench;
import io.distributedlock.benchmarks.scenario.Contenders;
import io.distributedlock.benchmarks.scenario.Options;
import io.distributedlock.benchmarks.scenario.Scenario;
import io.distributedlock.benchmarks.scenario.Scenarios;
import io.distributedlock.benchmarks.server.Servers;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The command that measures: starts servers, runs scenarios, writes tables. */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * Ends with 1 when a lock was caught, or one of ours or a scenario failed, so that a build that runs this fails.
     *
     * @param arguments none: see {@link Options}
     * @throws Exception if something cannot be measured at all
     */
    public static void main(String... arguments) throws Exception {
        Options options = Options.from(System.getProperties());
        List<Scenario> scenarios = chosen(options);
        if (options.isList()) {
            Scenarios.all().forEach(each -> Console.say("%-16s %s".formatted(each.name(), each.description())));
            Console.say("adapters: "
                    + String.join(
                            ", ", Adapters.all().stream().map(Adapter::name).toList()));
            return;
        }
        options.adapters().forEach(Adapters::named);
        Report report = new Report();
        long start = System.nanoTime();
        try (Servers servers = new Servers();
                Contenders contenders = new Contenders()) {
            Bench bench = new Bench(options, servers, contenders, Console::say);
            for (Scenario scenario : scenarios) {
                Console.say("== " + scenario.name() + ": " + scenario.description());
                long begin = System.nanoTime();
                Section section = new Section(scenario.name(), scenario.description(), rows(scenario, bench));
                report.add(section);
                Console.say(Report.text(section));
                Console.say("  took " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s");
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            report.write(options.output(), head(options, servers.versions(), took));
            Console.say("Measured in %s, written to %s".formatted(inWords(took), options.output()));
        }
        boolean failed = report.violations() > 0 || report.hasFailed();
        if (failed) {
            Console.say(
                    "FAILED: a lock was held twice, a token did not grow, one of our locks failed, or a scenario could not be"
                            + " run to its end; see the columns 'violations' and 'remark'");
        }
        // Clients of others leave threads behind that would keep this JVM alive.
        System.exit(failed ? 1 : 0);
    }

    /** What is not there is said in the table, never left out. */
    private static List<Row> rows(Scenario scenario, Bench bench) {
        for (Store store : scenario.stores()) {
            Optional<String> missing = bench.servers().missing(store);
            if (missing.isPresent()) {
                return Adapters.all().stream()
                        .filter(adapter -> adapter.store() == store)
                        .map(adapter -> Row.notMeasured(adapter.name(), missing.get()))
                        .toList();
            }
        }
        try {
            if (!scenario.usesContenders()) {
                bench.contenders().close();
            }
            return scenario.run(bench);
        } catch (Exception e) {
            Console.say("  failed: " + e);
            e.printStackTrace();
            return List.of(Row.failed(e));
        }
    }

    private static List<Scenario> chosen(Options options) {
        List<String> known = Scenarios.all().stream().map(Scenario::name).toList();
        List<String> unknown = options.scenarios().stream()
                .filter(name -> !name.equals("list") && !known.contains(name))
                .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("There is no scenario " + unknown + ", only " + known);
        }
        return Scenarios.all().stream()
                .filter(scenario ->
                        options.scenarios().isEmpty() || options.scenarios().contains(scenario.name()))
                .toList();
    }

    /** Where, when and how long was measured. */
    static List<String> head(Options options, List<String> servers, Duration took) {
        List<String> head = new ArrayList<>();
        head.add("Date: " + LocalDate.now(ZoneId.of("UTC")));
        head.add("Processors: " + Runtime.getRuntime().availableProcessors() + ", " + System.getProperty("os.name")
                + " " + System.getProperty("os.arch"));
        head.add("JDK: " + Runtime.version());
        head.add("Servers: " + String.join(", ", servers));
        head.add("Rounds: " + options.rounds() + " and a warm-up, of " + options.seconds() + " s for each adapter");
        head.add("Took: " + inWords(took) + " from the first scenario to the last");
        return head;
    }

    private static String inWords(Duration took) {
        return "%d min %d s".formatted(took.toMinutes(), took.toSecondsPart());
    }
}
