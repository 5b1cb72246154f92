package io.distributedlock.fencing.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.distributedlock.fencing.FencingToken;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FencingTokenHeaderTests {

    @Test
    void isReadAsItWasWritten() {
        FencingToken token = new FencingToken("order:42; größer\n", 3, 17, "holder;1");
        String header = FencingTokenHeader.format(token);
        assertThat(header).matches("\\p{Graph}+");
        assertThat(FencingTokenHeader.parse(header, 3)).isEqualTo(token);
    }

    @Test
    void ofAnEarlierEpochIsReadAndLeftToTheFence() {
        FencingToken token = new FencingToken("order", 1, 17, "h");
        assertThat(FencingTokenHeader.parse(FencingTokenHeader.format(token), 2))
                .isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "order;17, not of the form <lock>;<token>;<holder>",
                "order;17;h;more, not of the form <lock>;<token>;<holder>",
                "\"\", not of the form <lock>;<token>;<holder>",
                "order;seventeen;h, its token 'seventeen' is no number",
                "order;99999999999999999999;h, is no number",
                "order;-17;h, must be at least 1",
                "order;0;h, must be at least 1",
                "order;17;, has no holder",
                "%zz;17;h, %",
                "order;9007199254740993;h, its epoch 1 is later than the 0 of this service",
            })
    void isRefusedWithTheReason(String value, String reason) {
        assertThatExceptionOfType(FencingTokenException.class)
                .isThrownBy(() -> FencingTokenHeader.parse(value, 0))
                .satisfies(e -> {
                    assertThat(e.getStatusCode().value()).isEqualTo(400);
                    assertThat(e.getBody().getDetail()).contains("Fencing-Token", reason);
                });
    }

    @Test
    void isDemanded() {
        assertThatExceptionOfType(FencingTokenException.class)
                .isThrownBy(() -> FencingTokenHeader.parseOne(List.of(), 0))
                .satisfies(e -> assertThat(e.getStatusCode().value()).isEqualTo(428));
    }

    @Test
    void maybeJoinedWithOthersByAGateway() {
        assertThat(FencingTokenHeader.parseAll(List.of("a;1;h, b%2C;2;i", "c;3;j"), 0))
                .extracting(FencingToken::lock)
                .containsExactly("a", "b,", "c");
    }

    @Test
    void isTheOnlyOneWhereOneIsAskedFor() {
        List<String> two = List.of("a;1;h", "b;2;i");
        assertThat(FencingTokenHeader.parseAll(two, 0))
                .extracting(FencingToken::lock)
                .containsExactly("a", "b");
        assertThatExceptionOfType(FencingTokenException.class)
                .isThrownBy(() -> FencingTokenHeader.parseOne(two, 0))
                .satisfies(e -> assertThat(e.getStatusCode().value()).isEqualTo(400));
    }
}
