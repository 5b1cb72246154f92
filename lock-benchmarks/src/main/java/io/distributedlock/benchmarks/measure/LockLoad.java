package io.distributedlock.benchmarks.measure;

import io.distributedlock.benchmarks.adapter.LockClient;
import io.distributedlock.benchmarks.adapter.Mutex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that lock and unlock, each slice under new guards, which know the last token that a slice before saw of the same
 * name.
 */
public final class LockLoad {

    private final ThreadFactory threads;
    private final int count;
    private final double seconds;
    private final long workNanos;
    private final Map<String, HeapGuard> guards = new HashMap<>();

    /**
     * For one slice after the other.
     *
     * @param threads makes the threads
     * @param count how many
     * @param seconds how long a slice is
     * @param workNanos how long the lock is kept
     */
    public LockLoad(ThreadFactory threads, int count, double seconds, long workNanos) {
        this.threads = threads;
        this.count = count;
        this.seconds = seconds;
        this.workNanos = workNanos;
    }

    /**
     * All threads want one lock.
     *
     * @param client where to get it
     * @param name of the lock
     * @return how it went
     */
    public Slice onOneName(LockClient client, String name) {
        HeapGuard guard = nextGuard(name);
        List<LockStep> steps = new ArrayList<>();
        Slice slice = Load.run(
                threads,
                count,
                number -> step(steps, number, client, new String[] {name}, new Guard[] {guard}),
                seconds);
        guard.end(steps.stream().mapToLong(LockStep::entries).sum());
        return judged(slice, List.of(guard));
    }

    /**
     * All threads of several JVMs want one lock.
     *
     * @param client where to get it
     * @param name of the lock
     * @param guard of all these JVMs
     * @param firstWorker number of the first thread
     * @return how it went here
     */
    public Slice onSharedName(LockClient client, String name, Guard guard, int firstWorker) {
        Slice slice = Load.run(
                threads,
                count,
                number ->
                        step(new ArrayList<>(), firstWorker + number, client, new String[] {name}, new Guard[] {guard}),
                seconds);
        return judged(slice, List.of(guard));
    }

    /**
     * Each thread has locks of its own, and takes them in turn.
     *
     * @param client where to get them
     * @param prefix of their names
     * @param namesEach how many
     * @return how it went
     */
    public Slice onOwnNames(LockClient client, String prefix, int namesEach) {
        List<HeapGuard> all = new ArrayList<>();
        List<LockStep> steps = new ArrayList<>();
        Slice slice = Load.run(
                threads,
                count,
                number -> {
                    String[] names = new String[namesEach];
                    Guard[] own = new Guard[namesEach];
                    for (int i = 0; i < namesEach; i++) {
                        names[i] = prefix + ":" + number + ":" + i;
                        HeapGuard guard = nextGuard(names[i]);
                        all.add(guard);
                        own[i] = guard;
                    }
                    return step(steps, number, client, names, own);
                },
                seconds);
        return judged(slice, all);
    }

    private HeapGuard nextGuard(String name) {
        HeapGuard last = guards.get(name);
        HeapGuard next = last == null ? new HeapGuard() : last.next();
        guards.put(name, next);
        return next;
    }

    private LockStep step(List<LockStep> steps, int number, LockClient client, String[] names, Guard[] guards) {
        Mutex[] mutexes = Arrays.stream(names).map(client::mutex).toArray(Mutex[]::new);
        LockStep step = new LockStep(number + 1, mutexes, guards, workNanos);
        steps.add(step);
        return step;
    }

    private static Slice judged(Slice slice, List<? extends Guard> guards) {
        long violations =
                guards.stream().mapToLong(guard -> guard.violations().count()).sum();
        String remark = guards.stream()
                .map(guard -> guard.violations().first())
                .filter(first -> !first.isEmpty())
                .findFirst()
                .orElse(slice.remark());
        return new Slice(slice.seconds(), slice.grants(), violations, remark);
    }
}
