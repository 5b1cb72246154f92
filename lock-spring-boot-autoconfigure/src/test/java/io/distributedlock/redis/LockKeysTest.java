package io.distributedlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LockKeysTest {

    private static final List<String> TEXTS = List.of(
            "a",
            "a:b",
            "b",
            ":",
            "a}",
            "a}:token",
            "a}:queue",
            "a}:gone:h",
            "{a",
            "{a}",
            "}",
            "{",
            "{}",
            "%7D",
            "%3A",
            "%20",
            " ",
            "\t",
            "%09",
            "a\nb",
            "%",
            "a%7D",
            "");

    @Test
    void anOrdinaryNameIsReadableInItsKeys() {
        assertThat(new LockKeys("shop").handOff("order:42", "h"))
                .containsExactly(
                        "{shop:order:42}", "{shop:order:42}:token", "{shop:order:42}:queue", "{shop:order:42}:gone:h");
    }

    @Test
    void noTwoLocksShareAKeyWhateverTheirNames() {
        Map<String, String> owners = new HashMap<>();
        for (String namespace : TEXTS) {
            for (String name : TEXTS) {
                for (String holder : List.of("h", "h}", "x}:token")) {
                    String owner = namespace + " | " + name;
                    for (String key : new LockKeys(namespace).handOff(name, holder)) {
                        assertThat(owners.merge(key, owner, (first, second) -> first))
                                .as(key)
                                .isEqualTo(owner);
                    }
                }
            }
        }
    }

    @Test
    void allKeysOfALockAreInOneSlot() {
        for (String namespace : TEXTS) {
            for (String name : TEXTS) {
                assertThat(new LockKeys(namespace).handOff(name, "h}"))
                        .extracting(SlotHash::getSlot)
                        .as("namespace '%s', name '%s'", namespace, name)
                        .containsOnly(SlotHash.getSlot(new LockKeys(namespace).lock(name)));
            }
        }
    }

    @Test
    void anInboxIsOneFieldWhateverTheNamespace() {
        assertThat(new LockKeys("my shop\t\n\u000b\f\r").inbox("c", true)).doesNotContainPattern("\\s");
    }
}
