package io.distributedlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "plain-1_a.B", " ", "a b", "a+b", "a%20b", "\t\n", "http-nio-8080 #7", "日本語/ключ", "😀"})
    void isOneWordAndReadsAsWhatWasWritten(String text) {
        String field = Field.encode(text);

        assertThat(field).doesNotContainPattern("[^\\x21-\\x7e]");
        assertThat(Field.decode(field)).isEqualTo(text);
    }

    @Test
    void aHolderStandsInTheStoreAsItIs() {
        String holder = UUID.randomUUID().toString();

        assertThat(Field.encode(holder)).isEqualTo(holder);
    }

    @Test
    void timesAreRoundedUpAndNotTooLong() {
        assertThat(Field.millis(Duration.ZERO)).isZero();
        assertThat(Field.millis(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(Field.millis(Duration.ofMillis(1))).isEqualTo(1);
        assertThat(Field.millis(Duration.ofMillis(1).plusNanos(1))).isEqualTo(2);
        assertThat(Field.millis(Duration.ofSeconds(3, 999_999_999))).isEqualTo(4_000);
        assertThat(Field.millis(Duration.ofDays(366)))
                .isEqualTo(Duration.ofDays(365).toMillis());
    }
}
