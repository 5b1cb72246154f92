package io.distributedlock.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Threads that do the same over and over for a short time. */
public final class Load {

    /** How long the last of them may take to come to its end; the longest wait of a lock is shorter. */
    private static final long STRAGGLER_SECONDS = 130;

    private Load() {}

    /** What a thread repeats. */
    public interface Step {

        /**
         * Once.
         *
         * @throws Exception which counts as a failure
         */
        void run() throws Exception;
    }

    /**
     * Runs a slice.
     *
     * @param threads makes the threads
     * @param count how many
     * @param steps the step of each, from its number, which starts at zero
     * @param seconds how long
     * @return the slice, without anything about violations
     */
    public static Slice run(ThreadFactory threads, int count, IntFunction<Step> steps, double seconds) {
        CountDownLatch ready = new CountDownLatch(count);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(count);
        Failures failures = new Failures();
        long[] grants = new long[count];
        long[] end = new long[1];
        for (int i = 0; i < count; i++) {
            int number = i;
            Step step = steps.apply(i);
            threads.newThread(() -> {
                        try {
                            ready.countDown();
                            go.await();
                            grants[number] = repeat(step, end[0], failures);
                        } catch (InterruptedException e) {
                            failures.add("interrupted");
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        try {
            ready.await();
            end[0] = System.nanoTime() + (long) (seconds * 1e9);
            go.countDown();
            if (!done.await((long) seconds + STRAGGLER_SECONDS, TimeUnit.SECONDS)) {
                failures.add("%d threads did not come to an end".formatted(done.getCount()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add("interrupted");
        }
        List<Long> all = new ArrayList<>();
        for (long granted : grants) {
            all.add(granted);
        }
        return new Slice(seconds, all, 0, failures.text());
    }

    /** A step that fails is no grant; the next one may be. */
    private static long repeat(Step step, long end, Failures failures) throws InterruptedException {
        long completed = 0;
        while (System.nanoTime() - end < 0) {
            try {
                step.run();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                failures.add(e.toString());
                continue;
            }
            if (System.nanoTime() - end <= 0) {
                completed++;
            }
        }
        return completed;
    }
}
