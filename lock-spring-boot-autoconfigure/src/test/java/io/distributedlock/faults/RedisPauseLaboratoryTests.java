package io.distributedlock.faults;

import io.distributedlock.testkit.server.PostgresServerExtension;
import io.distributedlock.testkit.server.RedisServerExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("holders that stand still, their locks in Redis")
class RedisPauseLaboratoryTests extends PauseLaboratory {

    @RegisterExtension
    static final PostgresServerExtension postgres = PostgresServerExtension.any();

    @RegisterExtension
    static final RedisServerExtension redis = RedisServerExtension.any();

    @Override
    String database() {
        return postgres.url();
    }

    @Override
    List<String> store() {
        return List.of("--lock.backend=redis", "--lock.redis.url=" + redis.uri());
    }

    @Override
    Duration lease() {
        return Duration.ofSeconds(2);
    }
}
