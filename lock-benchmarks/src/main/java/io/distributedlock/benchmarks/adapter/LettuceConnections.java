package io.distributedlock.benchmarks.adapter;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Spring Data's connections, as an application has them. */
final class LettuceConnections {

    private LettuceConnections() {}

    static LettuceConnectionFactory to(String address) {
        int colon = address.lastIndexOf(':');
        LettuceConnectionFactory factory = new LettuceConnectionFactory(new RedisStandaloneConfiguration(
                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }
}
