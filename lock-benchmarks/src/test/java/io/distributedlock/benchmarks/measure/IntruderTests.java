package io.distributedlock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.benchmarks.adapter.LockClient;
import io.distributedlock.benchmarks.adapter.Mutex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IntruderTests {

    private final Set<String> free = new HashSet<>();
    private final Set<String> unreachable = new HashSet<>();
    private final List<String> tried = new ArrayList<>();
    private final List<String> givenBack = new ArrayList<>();
    private final Intruder intruder = new Intruder(new Client());

    @Test
    void locksThatAreHeldRefuseIt() {
        intruder.tryLocks("held:", 10, 5);

        assertThat(intruder.violations().count()).isZero();
        assertThat(intruder.failures()).isEmpty();
    }

    @Test
    void itsAttemptsAreSpreadEvenly() {
        intruder.tryLocks("held:", 100_000, 4);

        assertThat(tried).containsExactly("held:0", "held:25000", "held:50000", "held:75000");
    }

    @Test
    void fewLocksAreTriedOnceEach() {
        intruder.tryLocks("held:", 3, 100);

        assertThat(tried).containsExactly("held:0", "held:1", "held:2");
    }

    @Test
    void aGrantIsAViolationAndGivenBack() {
        free.addAll(Set.of("held:1", "held:3"));

        intruder.tryLocks("held:", 4, 4);

        assertThat(intruder.violations().count()).isEqualTo(2);
        assertThat(intruder.violations().first()).isEqualTo("held:1 was granted while another client held it");
        assertThat(givenBack).containsExactly("held:1", "held:3");
    }

    @Test
    void noAnswerIsNoRefusal() {
        unreachable.add("held:1");

        intruder.tryLocks("held:", 3, 3);

        assertThat(intruder.violations().count()).isZero();
        assertThat(intruder.failures()).startsWith("1 failed, the first with").contains("no answer");
        assertThat(tried).as("the others all the same").hasSize(3);
    }

    private final class Client implements LockClient {

        @Override
        public Mutex mutex(String name) {
            return new Mutex() {
                @Override
                public long acquire() {
                    throw new AssertionError("would wait for ever");
                }

                @Override
                public boolean tryAcquire() {
                    tried.add(name);
                    if (unreachable.contains(name)) {
                        throw new IllegalStateException("no answer");
                    }
                    return free.contains(name);
                }

                @Override
                public void release() {
                    givenBack.add(name);
                }
            };
        }

        @Override
        public void close() {}
    }
}
