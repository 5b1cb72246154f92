package io.distributedlock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTests {

    @TempDir
    Path directory;

    @Test
    void oneAfterTheOtherWithGrowingTokensIsFine() throws IOException {
        for (Guard guard : guards()) {
            guard.entered(1, 10);
            guard.left(1);
            guard.entered(2, 11);
            guard.left(2);

            assertThat(guard.violations().count()).isZero();
        }
    }

    @Test
    void twoInsideAreSeen() throws IOException {
        for (Guard guard : guards()) {
            guard.entered(1, 0);
            guard.entered(2, 0);

            assertThat(guard.violations().count()).isOne();
            assertThat(guard.violations().first()).isEqualTo("worker 2 was inside together with worker 1");
        }
    }

    @Test
    void whoComesOutOfALockThatAnotherHasIsSeen() throws IOException {
        for (Guard guard : guards()) {
            guard.entered(1, 0);
            guard.left(2);

            assertThat(guard.violations().count()).isOne();
        }
    }

    @Test
    void aTokenThatDoesNotGrowIsSeen() throws IOException {
        for (Guard guard : guards()) {
            guard.entered(1, 10);
            guard.left(1);
            guard.entered(2, 10);
            guard.left(2);

            assertThat(guard.violations().count()).isOne();
            assertThat(guard.violations().first()).isEqualTo("worker 2 got token 10 after token 10");
        }
    }

    @Test
    void locksWithoutTokensAreNotAskedForThem() throws IOException {
        for (Guard guard : guards()) {
            guard.entered(1, 0);
            guard.left(1);
            guard.entered(1, 0);
            guard.left(1);

            assertThat(guard.violations().count()).isZero();
        }
    }

    @Test
    void anEntryThatWasOverwrittenIsSeenInTheEnd() {
        HeapGuard guard = new HeapGuard();
        guard.entered(1, 0);
        guard.left(1);

        guard.end(2);

        assertThat(guard.violations().first()).isEqualTo("1 entries were counted inside the lock, and 2 outside");
    }

    @Test
    void tokensGoOnFromTheTurnBefore() throws IOException {
        HeapGuard first = new HeapGuard();
        first.entered(1, 10);
        Guard firstMapped = new MappedGuard(directory.resolve("turns"));
        firstMapped.entered(1, 10);
        firstMapped.left(1);

        for (Guard second : new Guard[] {first.next(), new MappedGuard(directory.resolve("turns"))}) {
            second.entered(2, 9);
            second.left(2);

            assertThat(second.violations().count()).isOne();
            assertThat(second.violations().first()).isEqualTo("worker 2 got token 9 after token 10");
        }
    }

    @Test
    void jvmsThatMapTheSameFileSeeEachOther() throws IOException {
        Guard here = new MappedGuard(directory.resolve("shared"));
        Guard there = new MappedGuard(directory.resolve("shared"));
        here.entered(1, 7);

        there.entered(2, 7);

        assertThat(here.violations().count()).isZero();
        assertThat(there.violations().count())
                .as("two inside, and the same token")
                .isEqualTo(2);
    }

    private Guard[] guards() throws IOException {
        return new Guard[] {new HeapGuard(), new MappedGuard(directory.resolve("guard"))};
    }
}
