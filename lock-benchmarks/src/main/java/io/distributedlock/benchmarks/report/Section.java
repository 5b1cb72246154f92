package io.distributedlock.benchmarks.report;

import java.util.List;

/**
 * A scenario and who reached what in it.
 *
 * @param scenario its name
 * @param description what was done
 * @param rows one for each adapter
 */
public record Section(String scenario, String description, List<Row> rows) {}
