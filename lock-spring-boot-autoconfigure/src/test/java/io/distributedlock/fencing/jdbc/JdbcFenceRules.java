package io.distributedlock.fencing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.StatementCallback;
import org.springframework.transaction.TransactionDefinition;

/** What a fence does in any database. */
abstract class JdbcFenceRules {

    protected Database database;
    protected JdbcFence fence;

    protected abstract Database open();

    @BeforeEach
    void begin() {
        database = open();
        // Longer than PostgreSQL takes to look for transactions that wait for each other, which is a second.
        fence = database.fence().lockWait(Duration.ofSeconds(2)).build();
    }

    @AfterEach
    void end() {
        database.close();
    }

    @Test
    void aGreaterTokenEntersAndASmallerIsRefused() {
        fence.enter("order", token(5, "a"));
        fence.enter("order", token(7, "b"));

        assertThatExceptionOfType(StaleTokenException.class)
                .isThrownBy(() -> fence.enter("order", token(6, "a")))
                .satisfies(stale -> assertThat(stale.resource()).isEqualTo("order"))
                .satisfies(stale -> assertThat(stale.fencingToken()).isEqualTo(6));
        assertThat(database.marks()).containsExactly(7L);
    }

    @Test
    void theSameHolderEntersAgainAndAnotherWithItsTokenDoesNot() {
        fence.enter("order", token(5, "a"));
        fence.enter("order", token(5, "a"));

        assertThatThrownBy(() -> fence.enter("order", token(5, "A"))).isInstanceOf(StaleTokenException.class);
    }

    @Test
    void anEpochCountsMoreThanAnyToken() {
        fence.enter("order", new FencingToken("lock", 1, (1L << 53) - 1, "a"));
        fence.enter("order", new FencingToken("lock", 1023, 1, "b"));

        assertThatThrownBy(() -> fence.enter("order", new FencingToken("lock", 1022, (1L << 53) - 1, "c")))
                .isInstanceOf(StaleTokenException.class);
        assertThat(database.fence().epoch(7).build().epoch()).isEqualTo(7);
    }

    @Test
    void resourcesAreToldApartByEveryCharacter() {
        for (String resource : List.of("order", "Order", "order ", "ordér", "'; drop table lock_fence; --")) {
            fence.enter(resource, token(5, "a"));
        }
        assertThat(database.marks()).hasSize(5);
    }

    @Test
    void aMissingTableIsSaidWithItsMend() {
        JdbcFence elsewhere = database.fence().table("nowhere").build();
        assertThatIllegalStateException()
                .isThrownBy(() -> elsewhere.enter("order", token(5, "a")))
                .withMessageContaining("no table 'nowhere'")
                .withMessageContaining("io/distributedlock/fencing/jdbc/schema-")
                .withMessageContaining("lock.fencing.jdbc.initialize-schema");
    }

    @Test
    void namesThatDoNotFitAreRefused() {
        fence.enter("r".repeat(700), token(5, "h".repeat(100)));

        assertThatThrownBy(() -> fence.enter("r".repeat(701), token(5, "a"))).hasMessageContaining("from 1 to 700");
        assertThatThrownBy(() -> fence.enter(" ", token(5, "a"))).hasMessageContaining("from 1 to 700");
        assertThatThrownBy(() -> fence.enter("order", token(5, "h".repeat(101))))
                .hasMessageContaining("from 1 to 100");
    }

    @Test
    void aRollbackUndoesTheMark() {
        fence.enter("order", token(5, "a"));

        assertThatThrownBy(() -> database.inTransaction(() -> {
                    fence.enter("order", token(9, "b"));
                    fence.enter("another", token(9, "b"));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");

        assertThat(database.marks()).containsExactly(5L);
        fence.enter("order", token(6, "c"));
    }

    @Test
    void outsideATransactionTheMarkIsCommittedWhateverThePoolDoes() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.dataSource.getJdbcUrl());
            pool.setAutoCommit(false);

            JdbcFence.builder(pool).build().enter("order", token(5, "a"));
        }
        assertThat(database.marks()).containsExactly(5L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSecondWaitsUntilTheFirstCommits(boolean markIsThere) {
        if (markIsThere) {
            fence.enter("order", token(1, "z"));
        }
        Held first = new Held(token(5, "a"));
        CompletableFuture<Void> greater = CompletableFuture.runAsync(() -> fence.enter("order", token(6, "b")));
        CompletableFuture<Void> smaller = CompletableFuture.runAsync(() -> fence.enter("order", token(4, "c")));

        assertThatThrownBy(() -> greater.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        first.commit();

        greater.join();
        assertThatThrownBy(smaller::join).hasCauseInstanceOf(StaleTokenException.class);
        assertThat(database.marks()).containsExactly(6L);
    }

    @Test
    void theWaitEnds() {
        Held first = new Held(token(5, "a"));
        long began = System.nanoTime();

        assertThatThrownBy(() -> fence.enter("order", token(6, "b"))).isInstanceOf(QueryTimeoutException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
        first.commit();
    }

    @Test
    void theTimeoutOfTheTransactionGoesBeforeTheWait() {
        JdbcFence patient = database.fence().lockWait(Duration.ofMinutes(1)).build();
        Held first = new Held(token(5, "a"));
        long began = System.nanoTime();

        assertThatThrownBy(() -> database.inTransaction(TransactionDefinition.ISOLATION_DEFAULT, 1, () -> {
                    patient.enter("order", token(6, "b"));
                    return null;
                }))
                .isInstanceOf(TransientDataAccessException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
        first.commit();
    }

    @Test
    void oneTransactionEntersSeveralResources() {
        fence.enter("b", token(9, "z"));

        assertThatThrownBy(() -> database.inTransaction(() -> {
                    fence.enter("a", token(5, "a"));
                    fence.enter("b", token(5, "a"));
                    return null;
                }))
                .isInstanceOf(StaleTokenException.class);
        assertThat(database.marks()).containsExactly(9L);

        database.inTransaction(() -> {
            fence.enter("a", token(10, "a"));
            fence.enter("b", token(10, "a"));
            return null;
        });
        assertThat(database.marks()).containsExactly(10L, 10L);
    }

    @Test
    void aNewTransactionThatWouldWaitForTheSuspendedOneIsRefusedAtOnce() {
        JdbcFence patient = database.fence().lockWait(Duration.ofMinutes(1)).build();
        database.inTransaction(() -> {
            patient.enter("order", token(5, "a"));
            assertThatIllegalStateException()
                    .isThrownBy(() -> database.inNewTransaction(() -> patient.enter("order", token(5, "a"))))
                    .withMessageContaining("'order'")
                    .withMessageContaining("is suspended");
            database.inNewTransaction(() -> patient.enter("another", token(5, "a")));
            patient.enter("order", token(5, "a"));
            return null;
        });
        database.inNewTransaction(() -> patient.enter("order", token(6, "b")));
        assertThat(database.marks()).containsExactly(5L, 6L);
    }

    @Test
    void twoThatEnterCrosswiseAreToTryAgainAndNoneIsSaidToBeLate() {
        JdbcFence patient = database.fence().lockWait(Duration.ofSeconds(30)).build();
        patient.enter("a", token(1, "z"));
        patient.enter("b", token(1, "z"));
        CyclicBarrier bothHaveOne = new CyclicBarrier(2);
        List<CompletableFuture<Void>> both = Stream.of(List.of("a", "b"), List.of("b", "a"))
                .map(resources -> CompletableFuture.runAsync(
                        () -> database.inTransaction(() -> {
                            patient.enter(resources.get(0), token(5, "a"));
                            await(bothHaveOne);
                            patient.enter(resources.get(1), token(5, "a"));
                            return null;
                        }),
                        task -> new Thread(task).start()))
                .toList();

        assertThat(both.stream()
                        .map(one -> catchThrowable(one::join))
                        .filter(Objects::nonNull)
                        .toList())
                .isNotEmpty()
                .allSatisfy(error -> assertThat(error).hasCauseInstanceOf(TransientDataAccessException.class));
        database.inTransaction(() -> {
            patient.enter("a", token(5, "a"));
            patient.enter("b", token(5, "a"));
            return null;
        });
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSerializableTransactionThatIsLateIsToldSo() {
        fence.enter("order", token(7, "b"));
        for (int isolation : List.of(
                TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE)) {
            assertThatThrownBy(() -> database.inTransaction(isolation, TransactionDefinition.TIMEOUT_DEFAULT, () -> {
                        fence.enter("order", token(6, "a"));
                        return null;
                    }))
                    .isInstanceOf(StaleTokenException.class);
        }
    }

    @Test
    void theFirstToComeMayBeMany() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int number : IntStream.rangeClosed(1, 16).toArray()) {
            all.add(CompletableFuture.runAsync(
                    () -> fence.enter("order", token(number, "h" + number)), task -> new Thread(task).start()));
        }
        for (CompletableFuture<Void> one : all) {
            Throwable refused = catchThrowable(one::join);
            if (refused != null) {
                assertThat(refused)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(StaleTokenException.class);
            }
        }
        all.get(15).join();
        assertThat(database.marks()).containsExactly(16L);
    }

    @ParameterizedTest
    @ValueSource(ints = {TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE})
    void aTransactionThatSeesAnOlderStateIsToTryAgain(int isolation) {
        for (boolean markIsThere : List.of(false, true)) {
            assertThatThrownBy(() -> database.inTransaction(isolation, TransactionDefinition.TIMEOUT_DEFAULT, () -> {
                        database.marks(); // from here on, nothing newer is seen
                        CompletableFuture.runAsync(() -> fence.enter("order", token(markIsThere ? 7 : 5, "a")))
                                .join();
                        fence.enter("order", token(9, "b"));
                        return null;
                    }))
                    .isInstanceOf(ConcurrencyFailureException.class);
        }
        assertThat(database.marks()).containsExactly(7L);
    }

    @Test
    void oldMarksAreDeletedAndNoOthers() {
        Clock inAMonth = Clock.offset(Clock.systemUTC(), Duration.ofDays(31));
        for (int i = 0; i < 2 * MarkCleaner.STEP + 1; i++) {
            database.jdbc.update(
                    "insert into lock_fence (resource, token, holder, touched) values (?, ?, ?, ?)",
                    "old" + i,
                    1,
                    "a",
                    Timestamp.from(Instant.now()));
        }
        database.jdbc.update(
                "insert into lock_fence (resource, token, holder, touched) values ('new', 2, 'a', ?)",
                Timestamp.from(inAMonth.instant()));
        try (MarkCleaner cleaner = new MarkCleaner(fence, Duration.ofDays(30), inAMonth)) {
            cleaner.clean();
            assertThat(database.marks()).as("nobody entered").hasSize(2 * MarkCleaner.STEP + 2);

            fence.enter("new", token(3, "b"));
            database.jdbc.update(
                    "update lock_fence set touched = ? where resource = 'new'", Timestamp.from(inAMonth.instant()));
            cleaner.clean();
            assertThat(database.marks()).containsExactly(3L);
        }
    }

    @Test
    void cleaningNeverFails() {
        fence.enter("order", token(3, "b"));
        database.jdbc.execute("drop table lock_fence");
        try (MarkCleaner cleaner = new MarkCleaner(fence, Duration.ofDays(30))) {
            assertThatCode(cleaner::clean).doesNotThrowAnyException();
        }
    }

    protected static FencingToken token(long number, String holder) {
        return new FencingToken("lock", 0, number, holder);
    }

    /** A transaction that has entered and does not end yet. */
    private final class Held {

        private final CountDownLatch mayCommit = new CountDownLatch(1);
        private final CompletableFuture<Void> transaction;

        Held(FencingToken token) {
            CountDownLatch entered = new CountDownLatch(1);
            transaction = CompletableFuture.runAsync(() -> database.inTransaction(() -> {
                fence.enter("order", token);
                entered.countDown();
                await(mayCommit);
                return null;
            }));
            await(entered);
        }

        void commit() {
            mayCommit.countDown();
            transaction.join();
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void leavesNoTimeOutOnAConnectionThatGoesBackToItsPool() {
        database.dataSource.setMaximumPoolSize(1);
        database.inTransaction(() -> {
            fence.enter("stock", new FencingToken("lock", 0, 1, "holder"));
            return null;
        });
        assertThat(database.jdbc.execute((StatementCallback<Integer>) Statement::getQueryTimeout))
                .isZero();
    }
}
