package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.LockRequest;
import io.distributedlock.spi.LockGrant;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class NameClauses extends Clauses {

    /** Pairs that collide when a store's own syntax is not escaped. */
    private static final List<String> SIMILAR = List.of(
            "a",
            "A",
            "a ",
            " a",
            "a/b",
            "a%2Fb",
            "a%2fb",
            "a%252Fb",
            "a\\b",
            "/a",
            "a/",
            "a//b",
            "./a",
            "../a",
            ".",
            "..",
            "{a}",
            "{a",
            "a}",
            "{}a",
            "{b}a",
            "a:token",
            "a:queue",
            "a:holders",
            "a:gone:x",
            ":a",
            "a:",
            "a*",
            "a?",
            "[a]",
            "ä",
            "a\u0308",
            "ａ",
            "日本語/ключ",
            "😀",
            "a'b",
            "a\"b",
            "a;b",
            "a,b",
            "a=b",
            "a-b",
            "a_b",
            "a+b",
            "a#{b}",
            "a${b}",
            "_c_a",
            "lock-0000000000",
            "zookeeper",
            "%",
            "%00",
            "\u00a0a");

    NameClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("that look alike are different locks")
    void doNotCollide() {
        Map<String, LockGrant> grants = new LinkedHashMap<>();
        SIMILAR.forEach(similar -> grants.put(similar, scene.grant(one, scene.claim(similar))));

        grants.forEach((similar, grant) -> {
            assertThat(scene.holderOf(similar))
                    .as("holder of '%s'", similar)
                    .contains(grant.claim().holder());
            assertThat(scene.answer(two.inspect(similar)).name()).isEqualTo(similar);
        });
        grants.forEach((similar, grant) ->
                assertThat(scene.release(one, grant.claim())).isTrue());
    }

    @Test
    @DisplayName("may be as long as a request allows, in any script")
    void mayBeLong() {
        String wide = "鍵/{%}".repeat(64); // 7 bytes each
        String longest = wide + "x".repeat(LockRequest.MAX_NAME_BYTES - wide.getBytes(StandardCharsets.UTF_8).length);
        assertThat(LockRequest.of(longest).name().getBytes(StandardCharsets.UTF_8))
                .hasSize(LockRequest.MAX_NAME_BYTES);
        String almost = longest.substring(0, longest.length() - 1);

        LockGrant grant = scene.grant(one, scene.claim(longest));
        scene.grant(one, scene.claim(almost));

        assertThat(scene.ask(two, scene.claim(longest))).isEmpty();
        assertThat(scene.holderOf(longest)).contains(grant.claim().holder());
    }
}
