package io.distributedlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.testkit.HistoryChecker.Hold;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class HistoryCheckerTest {

    /** Any value: nanoTime readings may be negative and may overflow. */
    private final long t0 = ThreadLocalRandom.current().nextBoolean()
            ? Long.MAX_VALUE - 15
            : ThreadLocalRandom.current().nextLong();

    private final HistoryChecker history = new HistoryChecker();

    @Test
    void holdsOneAfterTheOtherWithGrowingTokensAreAsTheyMustBe() {
        record("a", 7, 0, 10);
        record("a", 9, 10, 20);
        record("a", 30, 25, 30);

        assertThat(history.violations()).isEmpty();
        assertThatCode(history::verify).doesNotThrowAnyException();
        assertThat(history.size()).isEqualTo(3);
    }

    @Test
    void theOrderOfRecordingDoesNotMatter() {
        record("a", 9, 10, 20);
        record("a", 7, 0, 10);

        assertThat(history.violations()).isEmpty();
    }

    @Test
    void locksOfOtherNamesMayOverlapAndHaveAnyTokens() {
        record("a", 9, 0, 20);
        record("b", 2, 10, 30);

        assertThat(history.violations()).isEmpty();
    }

    @Test
    void twoHoldersAtATimeAreFound() {
        record("a", 7, 0, 20);
        record("a", 9, 15, 30);

        assertThat(history.violations())
                .containsExactly(
                        "Lock 'a' had two holders for at least 5 ns: token 9 was granted while token 7 was held");
        assertThatThrownBy(history::verify).isInstanceOf(AssertionError.class).hasMessageContaining("two holders");
    }

    @Test
    void anOverlapWithAnEarlierLongHoldIsFound() {
        record("a", 7, 0, 30);
        record("a", 8, 5, 10);
        record("a", 9, 20, 25);

        assertThat(history.violations()).hasSize(2).allMatch(it -> it.contains("while token 7 was held"));
    }

    @Test
    void aFallingOrRepeatedTokenIsFound() {
        record("a", 7, 0, 10);
        record("a", 7, 10, 20);
        record("a", 6, 20, 30);

        assertThat(history.violations())
                .containsExactly(
                        "Token 7 of lock 'a' was granted after token 7",
                        "Token 6 of lock 'a' was granted after token 7");
    }

    private void record(String name, long token, long from, long to) {
        history.record(new Hold(name, token, t0 + from, t0 + to));
    }
}
