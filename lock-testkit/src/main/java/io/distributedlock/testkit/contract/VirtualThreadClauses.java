package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LeaseGroup;
import io.distributedlock.LockCall;
import io.distributedlock.LockRequest;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

abstract class VirtualThreadClauses extends ManagerClauses {

    private static final int THREADS = 64;

    private static final String PINNED = "jdk.VirtualThreadPinned";

    VirtualThreadClauses(LockManagerContract contract) {
        super(contract);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    @DisplayName("is never pinned to its carrier, whether it waits or gives back")
    void isNeverPinned(@TempDir Path directory) throws Exception {
        lockOnVirtualThreads(); // a class that is initialized on the way would pin
        Path events = directory.resolve("pinned.jfr");

        try (Recording recording = new Recording()) {
            recording
                    .enable("jdk.VirtualThreadPinned")
                    .withThreshold(Duration.ZERO)
                    .withStackTrace();
            recording.start();
            lockOnVirtualThreads();
            recording.stop();
            recording.dump(events);
        }

        assertThat(RecordingFile.readAllEvents(events)) // libraries may have written some of their own
                .noneMatch(event -> event.getEventType().getName().equals(PINNED));
    }

    private void lockOnVirtualThreads() throws Exception {
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class); // unknown to the oldest JDK
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            LockRequest own = LockRequest.of(name + "-" + i);
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            start.invoke(null, (Runnable) () -> {
                try {
                    work(own);
                    end.complete(null);
                } catch (RuntimeException | Error e) {
                    end.completeExceptionally(e);
                }
            });
        }
        for (CompletableFuture<Void> end : ends) {
            both.answer(end);
        }
    }

    private void work(LockRequest own) {
        LockRequest shared = both.request().waitTime(both.fixture.patience().multipliedBy(10));
        try (Lease lease = one.acquire(own);
                Lease inner = one.acquire(own)) {
            assertThat(inner.fencingToken()).isEqualTo(lease.fencingToken());
        }
        try (Lease lease = one.acquire(shared)) {
            lease.ensureHeld();
        }
        LockCall call = two.startCall(List.of(shared));
        try (LeaseGroup group = call.granted().join();
                LockCall.Scope scope = call.enter()) {
            group.ensureHeld();
        }
    }
}
