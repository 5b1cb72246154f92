package io.distributedlock.faults;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.fencing.Fence;
import io.distributedlock.fencing.FencingToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/**
 * One instance of an application with a database, in a JVM of its own. Told {@code add}, it adds one to each of ten
 * counters, each under a lock of its own; between reading and writing, it says {@code READ} and waits until told
 * {@code go}. Told {@code hold}, it takes the locks, says {@code HELD}, waits until told {@code go}, and enters the fences
 * without looking at its leases again. It says what became of each.
 */
@SuppressWarnings("SystemOut") // what it says is read by the test
final class FencedProcess {

    static final int COUNTERS = 10;

    private static volatile CountDownLatch go = new CountDownLatch(1);

    private FencedProcess() {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Counters.class)
    static class Application {}

    static class Counters {

        private final JdbcTemplate jdbc;
        private final LockManager locks;
        private final Fence fence;

        Counters(JdbcTemplate jdbc, LockManager locks, Fence fence) {
            this.jdbc = jdbc;
            this.locks = locks;
            this.fence = fence;
        }

        @Transactional
        @DistributedLock(name = "counter:#{#id}", guarantee = Guarantee.CORRECTNESS)
        public void add(int id) throws InterruptedException {
            Integer value = jdbc.queryForObject("select amount from counter where id = ?", Integer.class, id);
            say("READ " + id);
            go.await();
            jdbc.update("update counter set amount = ? where id = ?", value + 1, id);
        }

        @DistributedLock("held:#{#id}")
        public void hold(int id) throws InterruptedException {
            Lease lease = locks.current("held:" + id).orElseThrow();
            say("HELD " + id);
            go.await();
            fence.enter("held:" + id, FencingToken.of(lease, fence.epoch()));
            say("ENTERED " + id);
        }
    }

    /** A task that may fail in any way. */
    private interface Task {
        void run(int id) throws Exception;
    }

    public static void main(String[] arguments) throws IOException {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        ApplicationContext context = application.run(arguments);
        Counters counters = context.getBean(Counters.class);
        say("READY");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (line.equals("add")) {
                go = new CountDownLatch(1);
                all(counters::add);
            } else if (line.equals("hold")) {
                go = new CountDownLatch(1);
                all(counters::hold);
            } else if (line.equals("go")) {
                go.countDown();
            }
        }
    }

    private static void all(Task task) {
        for (int i = 0; i < COUNTERS; i++) {
            int id = i;
            new Thread(() -> {
                        try {
                            task.run(id);
                            say("DONE " + id);
                        } catch (Exception e) {
                            say("REFUSED " + id + " " + e.getClass().getSimpleName());
                        }
                    })
                    .start();
        }
    }

    private static void say(String what) {
        System.out.println(what);
    }
}
