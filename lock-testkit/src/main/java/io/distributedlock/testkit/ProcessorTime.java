package io.distributedlock.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What became of the time of all processors since the machine was started, in ticks.
 *
 * @param used by whatever runs here
 * @param stolen given to other machines by the host of this one, while something here wanted to run
 */
record ProcessorTime(long used, long stolen) {

    private static final Path STATISTICS = Path.of("/proc/stat");

    /** Fewer ticks are no share of anything. */
    private static final long LEAST = 10;

    /** Nothing where the system does not tell. */
    static ProcessorTime now() {
        try {
            return parse(Files.readAllLines(STATISTICS).get(0));
        } catch (IOException otherSystem) {
            return new ProcessorTime(0, 0);
        }
    }

    /** @param line user, nice, system, idle, waiting for disks, two of interrupts, stolen, and more, behind a name */
    static ProcessorTime parse(String line) {
        String[] fields = line.split(" +", -1);
        long used = 0;
        for (int field : new int[] {1, 2, 3, 6, 7}) {
            used += Long.parseLong(fields[field]);
        }
        return new ProcessorTime(used, Long.parseLong(fields[8]));
    }

    /** Of the time that something here wanted to run. */
    int stolenPercentSince(ProcessorTime before) {
        long taken = stolen - before.stolen;
        long wanted = used - before.used + taken;
        return wanted < LEAST ? 0 : (int) (100 * taken / wanted);
    }
}
