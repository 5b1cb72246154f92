package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.measure.Statistics;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Calls that take their turns one by one: for what is so alike that turns of a second, in which the machine does
 * something else besides, could not be compared.
 */
final class Interleaved {

    private Interleaved() {}

    /**
     * Calls all of them, each time beginning with another one, until the time is over.
     *
     * @param calls are given the number of the turn, from 0
     * @return the median of each one's times in microseconds
     */
    static double[] medians(List<LongConsumer> calls, double seconds) {
        List<DoubleStream.Builder> micros =
                calls.stream().map(call -> DoubleStream.builder()).toList();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long turn = 0;
        do {
            for (int i = 0; i < calls.size(); i++) {
                int which = (int) ((turn + i) % calls.size());
                long begin = System.nanoTime();
                calls.get(which).accept(turn);
                micros.get(which).add((System.nanoTime() - begin) / 1e3);
            }
            turn++;
        } while (System.nanoTime() - end < 0);
        return micros.stream()
                .mapToDouble(each -> Statistics.percentile(each.build().toArray(), 0.5))
                .toArray();
    }

    /** One against another, round by round. */
    static Statistics ratio(List<double[]> rounds, int one, int other) {
        return Statistics.of(IntStream.range(0, rounds.size())
                .mapToObj(round -> rounds.get(round)[one] / rounds.get(round)[other])
                .toList());
    }
}
