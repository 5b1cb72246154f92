package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTests {

    @ParameterizedTest
    @CsvSource({
        "0,PT0S",
        "500ms,PT0.5S",
        "5s,PT5S",
        "5S,PT5S",
        "2m,PT2M",
        "3h,PT3H",
        "1d,PT24H",
        "PT5S,PT5S",
        "pt1.5s,PT1.5S"
    })
    void readsNumbersWithAUnit(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @Test
    void refusesANumberWithoutAUnitAndSaysHowToWriteIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse("5"))
                .withMessageContaining("'5' has no unit")
                .withMessageContaining("'5s'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1s", "-PT1S", "PT-1S"})
    void refusesANegativeOne(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse(text))
                .withMessageContaining("'" + text + "' is negative");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "5x", "5 s", "1.5s", "99999999999999s"})
    void refusesWhatIsNoDuration(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse(text))
                .withMessageContaining("'" + text + "' is not a duration");
    }
}
