package io.distributedlock.benchmarks.child;

import com.sun.management.OperatingSystemMXBean;
import io.distributedlock.benchmarks.adapter.LockClient;
import io.distributedlock.benchmarks.adapter.Mutex;
import io.distributedlock.benchmarks.measure.Failures;
import io.distributedlock.benchmarks.measure.Threads;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Holds many locks, and sees what that costs. Some locks belong to threads: each is given back by the one that took it. */
final class HeldLocks {

    /** Many, so that taking the locks does not take longer than holding them. */
    private static final int THREADS = 16;

    private final Clients clients;
    private final List<ExecutorService> threads = new ArrayList<>();
    private final List<List<Mutex>> held = new ArrayList<>();

    HeldLocks(Clients clients) {
        this.clients = clients;
        for (int i = 0; i < THREADS; i++) {
            threads.add(Executors.newSingleThreadExecutor(Threads.platform()));
            held.add(new ArrayList<>());
        }
    }

    /** Takes and gives back. Arguments: adapter, prefix of names, how many names, how often each. */
    String cycle(List<String> arguments) throws Exception {
        int times = Integer.parseInt(arguments.get(3));
        everywhere(mutexes(arguments), mutex -> {
            for (int i = 0; i < times; i++) {
                mutex.acquire();
                mutex.release();
            }
        });
        return "done";
    }

    /**
     * Takes locks. Arguments: adapter, prefix of names, how many. Answers the
     * bytes of heap that each of them needs, and how many could not be taken.
     */
    String hold(List<String> arguments) throws Exception {
        int count = Integer.parseInt(arguments.get(2));
        List<List<Mutex>> more = mutexes(arguments);
        long before = usedHeap();
        String failures = everywhere(more, Mutex::acquire);
        double bytes = (usedHeap() - before) / (double) count;
        for (int i = 0; i < THREADS; i++) {
            held.get(i).addAll(more.get(i));
        }
        return bytes + " " + failures;
    }

    /** Does nothing. Argument: for how many seconds. Answers the share of a processor that this JVM used meanwhile. */
    String rest(List<String> arguments) throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        Thread.sleep((long) (Double.parseDouble(arguments.get(0)) * 1000));
        return Double.toString((system.getProcessCpuTime() - cpu) / (double) (System.nanoTime() - start));
    }

    /** Gives all back. Answers how many failed, and how: a lease that was lost cannot be given back. */
    String release(List<String> arguments) throws Exception {
        String failures = everywhere(held, Mutex::release);
        held.forEach(List::clear);
        return failures;
    }

    /** Names and their mutexes belong to the caller, not to the lease. */
    private List<List<Mutex>> mutexes(List<String> arguments) {
        List<List<Mutex>> mutexes = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            mutexes.add(new ArrayList<>());
        }
        LockClient client = clients.of(arguments.get(0));
        int count = Integer.parseInt(arguments.get(2));
        for (int i = 0; i < count; i++) {
            mutexes.get(i % THREADS).add(client.mutex(arguments.get(1) + i));
        }
        return mutexes;
    }

    private interface Step {
        void on(Mutex mutex) throws Exception;
    }

    private String everywhere(List<List<Mutex>> mutexes, Step step) throws Exception {
        Failures failures = new Failures();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            List<Mutex> mine = mutexes.get(i);
            running.add(threads.get(i)
                    .submit(() -> mine.forEach(mutex -> {
                        try {
                            step.on(mutex);
                        } catch (Exception e) {
                            failures.add(e.toString());
                        }
                    })));
        }
        for (Future<?> each : running) {
            each.get();
        }
        return failures.text();
    }

    private static long usedHeap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
