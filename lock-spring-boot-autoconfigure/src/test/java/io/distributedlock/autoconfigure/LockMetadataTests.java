package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.util.StreamUtils;

/** What an editor shows of our properties. */
class LockMetadataTests {

    private static List<Map<String, Object>> properties() throws IOException {
        try (InputStream metadata =
                LockProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            Map<String, Object> parsed = JsonParserFactory.getJsonParser()
                    .parseMap(StreamUtils.copyToString(metadata, StandardCharsets.UTF_8));
            List<Map<String, Object>> properties = new ArrayList<>();
            for (Object property : (List<?>) parsed.get("properties")) {
                @SuppressWarnings("unchecked")
                Map<String, Object> typed = (Map<String, Object>) property;
                properties.add(typed);
            }
            return properties;
        }
    }

    @Test
    void everyKeyHasADescription() throws IOException {
        assertThat(properties())
                .hasSizeGreaterThan(10)
                .allSatisfy(property -> assertThat((String) property.get("description"))
                        .as("%s", property.get("name"))
                        .isNotBlank()
                        .endsWith(".")
                        .doesNotStartWith("The "));
    }

    @Test
    void everyKeyThatIsADurationIsShownAsOne() throws IOException {
        assertThat(properties())
                .filteredOn(
                        property -> property.get("name").toString().matches("lock\\..*(time|delay|timeout|retention)"))
                .hasSize(9)
                .extracting(property -> property.get("type"))
                .containsOnly(Duration.class.getName());
    }

    @Test
    void keysOfTheContractAreThere() throws IOException {
        assertThat(properties())
                .extracting(property -> property.get("name"))
                .contains(
                        "lock.enabled",
                        "lock.backend",
                        "lock.namespace",
                        "lock.wait-time",
                        "lock.lease-time",
                        "lock.max-hold-time",
                        "lock.lock-delay",
                        "lock.local-hand-offs",
                        "lock.local-hand-off-time",
                        "lock.release",
                        "lock.advisor-order",
                        "lock.shutdown-timeout",
                        "lock.redis.url",
                        "lock.redis.direct-connection",
                        "lock.zookeeper.connect-string",
                        "lock.zookeeper.session-timeout",
                        "lock.zookeeper.connection-timeout",
                        "lock.fencing.epoch",
                        "lock.fencing.jdbc.table",
                        "lock.fencing.jdbc.initialize-schema",
                        "lock.fencing.jdbc.retention",
                        "management.endpoint.locks.access",
                        "management.health.lock.enabled");
    }
}
