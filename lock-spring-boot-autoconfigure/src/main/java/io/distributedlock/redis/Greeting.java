package io.distributedlock.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a new direct connection says first: who it is, and which database it wants. */
final class Greeting {

    private Greeting() {}

    /**
     * Blocks.
     *
     * @param patience with each answer
     */
    static void say(DirectConnection made, RedisURI address, Duration patience) throws Exception {
        if (address.getCredentialsProvider() != null) {
            RedisCredentials credentials = address.getCredentialsProvider()
                    .resolveCredentials()
                    .toFuture()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (credentials != null && credentials.hasPassword()) {
                CommandArgs<String, String> arguments = arguments();
                if (credentials.hasUsername()) {
                    arguments.add(credentials.getUsername());
                }
                call(made, patience, CommandType.AUTH, arguments.add(credentials.getPassword()));
            }
        }
        if (address.getDatabase() != 0) {
            call(made, patience, CommandType.SELECT, arguments().add(address.getDatabase()));
        }
        if (address.getClientName() != null) {
            call(made, patience, CommandType.CLIENT, arguments().add("SETNAME").add(address.getClientName()));
        }
    }

    private static void call(
            DirectConnection made, Duration patience, CommandType type, CommandArgs<String, String> arguments)
            throws IOException {
        made.call(new Command<>(type, new StatusOutput<>(StringCodec.UTF8), arguments), patience);
    }

    private static CommandArgs<String, String> arguments() {
        return new CommandArgs<>(StringCodec.UTF8);
    }
}
