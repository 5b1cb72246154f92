package io.distributedlock.fencing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.ConcurrencyFailureException;

/** What transactions that enter do to each other, and what a mark can hold, in any database. */
abstract class JdbcFenceTransactionRules extends JdbcFenceRules {

    @Test
    void newResourcesKeepNobodyWaiting() {
        fence.enter("new2", token(1, "z")); // and not those beside one that is there
        CyclicBarrier allHaveEntered = new CyclicBarrier(4);

        List<CompletableFuture<Void>> all = IntStream.range(0, 4)
                .mapToObj(number -> inThread(() -> database.inTransaction(() -> {
                    fence.enter("new" + number, token(number + 1, "a"));
                    await(allHaveEntered);
                    return null;
                })))
                .toList();

        assertThat(all).allSatisfy(one -> assertThat(one).succeedsWithin(10, TimeUnit.SECONDS));
        assertThat(database.marks()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void ofTwoThatWaitForEachOtherOneIsToTryAgain() {
        fence.enter("a", token(1, "z"));
        fence.enter("b", token(1, "z"));
        CyclicBarrier bothHaveEntered = new CyclicBarrier(2);

        List<Throwable> failures = Stream.of(
                        enterBoth("a", "b", token(2, "x"), bothHaveEntered),
                        enterBoth("b", "a", token(3, "y"), bothHaveEntered))
                .map(JdbcFenceTransactionRules::failure)
                .filter(Objects::nonNull)
                .toList();

        assertThat(failures).singleElement().isInstanceOf(ConcurrencyFailureException.class);
        assertThat(database.marks()).isIn(List.of(2L, 2L), List.of(3L, 3L));
    }

    @Test
    void namesOfAnyScriptAreToldApart() {
        String longest = "\uD83D\uDE00".repeat(128); // 512 bytes
        for (String resource :
                List.of(longest, "\uD83D\uDE00", "\uD83C\uDF63", "stra\u00dfe", "strasse", "a\\", "a\\\\")) {
            fence.enter(resource, token(5, "a"));
        }
        assertThat(database.marks()).hasSize(7);
        assertThatThrownBy(() -> fence.enter(longest, token(4, "a"))).isInstanceOf(StaleTokenException.class);
    }

    @Test
    void everyBitOfATokenCounts() {
        fence.enter("order", new FencingToken("lock", 1023, (1L << 53) - 2, "a"));

        assertThatThrownBy(() -> fence.enter("order", new FencingToken("lock", 1023, (1L << 53) - 3, "b")))
                .isInstanceOf(StaleTokenException.class);
        assertThat(database.marks()).containsExactly(Long.MAX_VALUE - 1);
        fence.enter("order", new FencingToken("lock", 1023, (1L << 53) - 1, "c"));
        assertThat(database.marks()).containsExactly(Long.MAX_VALUE);
    }

    private CompletableFuture<Void> enterBoth(String first, String second, FencingToken token, CyclicBarrier barrier) {
        return inThread(() -> database.inTransaction(() -> {
            fence.enter(first, token);
            await(barrier);
            fence.enter(second, token);
            return null;
        }));
    }

    private static CompletableFuture<Void> inThread(Runnable task) {
        return CompletableFuture.runAsync(task, run -> new Thread(run).start());
    }

    private static @Nullable Throwable failure(CompletableFuture<Void> one) {
        try {
            one.join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("The others have not entered", e);
        }
    }
}
