package io.distributedlock.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.distributedlock.spi.LockGrant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a fencing token")
class FencingTokenTests {

    @Test
    void ofALaterEpochIsGreaterThanAnyOfAnEarlierOne() {
        FencingToken last = new FencingToken("order:42", 0, LockGrant.MAX_TOKEN, "a");
        FencingToken first = new FencingToken("order:42", 1, 1, "b");
        assertThat(first.value()).isGreaterThan(last.value());
        assertThat(last.value()).isEqualTo(LockGrant.MAX_TOKEN);
    }

    @Test
    void isReadAsItWasWritten() {
        FencingToken greatest = new FencingToken("order:42", FencingToken.MAX_EPOCH, LockGrant.MAX_TOKEN, "a");
        assertThat(greatest.value()).isPositive();
        assertThat(FencingToken.ofValue("order:42", greatest.value(), "a")).isEqualTo(greatest);
    }

    @Test
    void isRefusedWhenNoLeaseCanHaveIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FencingToken("order:42", 0, 0, "a"))
                .withMessageContaining("order:42")
                .withMessageContaining("but was 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new FencingToken("a", 0, LockGrant.MAX_TOKEN + 1, "a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FencingToken("a", FencingToken.MAX_EPOCH + 1, 1, "a"))
                .withMessageContaining("1024");
        assertThatIllegalArgumentException().isThrownBy(() -> new FencingToken("a", -1, 1, "a"));
        assertThatIllegalArgumentException().isThrownBy(() -> new FencingToken("a", 0, 1, " "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FencingToken.ofValue("order:42", -7, "a"))
                .withMessageContaining("-7");
    }
}
