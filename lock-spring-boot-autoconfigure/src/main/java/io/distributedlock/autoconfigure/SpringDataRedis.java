package io.distributedlock.autoconfigure;

import io.distributedlock.redis.RedisLockBackend;
import io.lettuce.core.RedisURI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.WithAuthentication;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Reaches Redis as the application's connection factory does. */
final class SpringDataRedis {

    /** Empty for a factory of an unknown kind. */
    Optional<RedisLockBackend.Builder> builder(Object factory) {
        if (factory instanceof LettuceConnectionFactory lettuce) {
            RedisClusterConfiguration cluster = lettuce.getClusterConfiguration();
            return Optional.of(
                    cluster == null
                            ? RedisLockBackend.builder(lettuce::getRequiredNativeClient, address(lettuce))
                                    .direct(direct(lettuce))
                            : cluster(lettuce, cluster));
        }
        if (factory instanceof JedisConnectionFactory jedis) {
            RedisClusterConfiguration cluster = jedis.getClusterConfiguration();
            return Optional.of(
                    cluster == null
                            ? RedisLockBackend.builder(uri(jedis))
                            : RedisLockBackend.clusterBuilder(uris(jedis, cluster)));
        }
        return Optional.empty();
    }

    private static RedisLockBackend.Builder cluster(
            LettuceConnectionFactory factory, RedisClusterConfiguration configuration) {
        String addresses = addresses(configuration.getClusterNodes());
        RedisLockBackend.Builder builder = RedisLockBackend.clusterBuilder(factory::getRequiredNativeClient, addresses);
        boolean mayChangePassword = factory.getClientConfiguration()
                .getRedisCredentialsProviderFactory()
                .isPresent();
        RedisNode any = configuration.getClusterNodes().iterator().next();
        return mayChangePassword
                ? builder
                : builder.direct(RedisURI.create(String.valueOf(any.getHost()), any.getPortOr(6379)));
    }

    private static String addresses(Collection<RedisNode> nodes) {
        return nodes.stream().map(RedisNode::asString).collect(Collectors.joining(","));
    }

    /** {@code null} when the factory is configured in a way that is more than address, user, password and database. */
    static @Nullable RedisURI direct(LettuceConnectionFactory factory) {
        LettuceClientConfiguration client = factory.getClientConfiguration();
        if (factory.isUseSsl()
                || factory.getSentinelConfiguration() != null
                || factory.getSocketConfiguration() != null
                || client.getRedisCredentialsProviderFactory().isPresent()) {
            return null;
        }
        RedisURI.Builder builder =
                standalone(factory.getStandaloneConfiguration()).withDatabase(factory.getDatabase());
        client.getClientName().ifPresent(builder::withClientName);
        return builder.build();
    }

    private static String address(LettuceConnectionFactory factory) {
        String scheme = factory.isUseSsl() ? "rediss" : "redis";
        RedisSentinelConfiguration sentinel = factory.getSentinelConfiguration();
        return sentinel == null
                ? "%s://%s:%d".formatted(scheme, factory.getHostName(), factory.getPort())
                : "%s-sentinel://%s#%s"
                        .formatted(
                                scheme,
                                addresses(sentinel.getSentinels()),
                                sentinel.getRequiredMaster().getName());
    }

    /** By the factory and not by properties: it may be one that the application made itself. */
    static RedisURI uri(JedisConnectionFactory factory) {
        RedisSentinelConfiguration sentinel = factory.getSentinelConfiguration();
        RedisURI.Builder builder =
                sentinel == null ? standalone(factory.getStandaloneConfiguration()) : sentinel(sentinel);
        return builder.withDatabase(factory.getDatabase())
                .withSsl(usesTls(factory))
                .build();
    }

    static List<RedisURI> uris(JedisConnectionFactory factory, RedisClusterConfiguration configuration) {
        List<RedisURI> servers = new ArrayList<>();
        for (RedisNode node : configuration.getClusterNodes()) {
            RedisURI.Builder builder = RedisURI.Builder.redis(String.valueOf(node.getHost()), node.getPortOr(6379));
            authenticate(builder, configuration);
            servers.add(builder.withSsl(usesTls(factory)).build());
        }
        return servers;
    }

    /** Certificates of a Jedis client cannot be taken over: another client must be told of them. */
    private static boolean usesTls(JedisConnectionFactory factory) {
        Optional<SSLSocketFactory> certificates =
                factory.getClientConfiguration().getSslSocketFactory();
        if (factory.isUseSsl() && certificates.isPresent()) {
            throw new InvalidLockConfigurationException(
                    "The application's Jedis client has TLS settings, which the locks' Lettuce client cannot take over",
                    "Set lock.redis.url to 'rediss://…', or define a Lettuce RedisClient bean marked with @LockClient");
        }
        return factory.isUseSsl();
    }

    private static RedisURI.Builder standalone(@Nullable RedisStandaloneConfiguration configuration) {
        RedisStandaloneConfiguration standalone =
                configuration == null ? new RedisStandaloneConfiguration() : configuration;
        RedisURI.Builder builder = RedisURI.Builder.redis(standalone.getHostName(), standalone.getPort());
        authenticate(builder, standalone);
        return builder;
    }

    private static RedisURI.Builder sentinel(RedisSentinelConfiguration configuration) {
        RedisURI.Builder builder = RedisURI.builder()
                .withSentinelMasterId(
                        String.valueOf(configuration.getRequiredMaster().getName()));
        for (RedisNode node : configuration.getSentinels()) {
            RedisURI.Builder sentinel = RedisURI.Builder.redis(String.valueOf(node.getHost()), node.getPortOr(26379));
            authenticate(sentinel, configuration.getSentinelUsername(), configuration.getSentinelPassword());
            builder.withSentinel(sentinel.build());
        }
        authenticate(builder, configuration);
        return builder;
    }

    private static void authenticate(RedisURI.Builder builder, WithAuthentication configuration) {
        authenticate(builder, configuration.getUsername(), configuration.getPassword());
    }

    private static void authenticate(RedisURI.Builder builder, @Nullable String user, RedisPassword password) {
        password.toOptional().ifPresent(secret -> {
            if (user == null || user.isEmpty()) {
                builder.withPassword(secret);
            } else {
                builder.withAuthentication(user, secret);
            }
        });
    }
}
