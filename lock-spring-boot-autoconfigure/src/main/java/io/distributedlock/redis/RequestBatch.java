package io.distributedlock.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Claims and releases that go to the server as one command. Nothing waits for others to come: the command is given to
 * the client at once, and takes what comes until the client gets round to encoding it. So there is one request in it where
 * little is going on, and many where a thread, or the server, is busy.
 *
 * <p>Releases run first, then claims: a claim that follows a release of the same lock finds it free. The contrary, a release
 * behind the claim that it gives back, leaves a tombstone while the claim is unanswered, and such a release is in no batch.
 */
final class RequestBatch extends CommandArgs<String, String> implements ScriptCall<List<Object>> {

    /** So many keep the server busy for well below a millisecond, or for two if all are contended. */
    static final int LIMIT = 64;

    // guarded by this
    private final List<Request<?>> releases = new ArrayList<>();
    private final List<Request<?>> claims = new ArrayList<>();

    private @Nullable Arguments encoded;
    private boolean full;

    RequestBatch() {
        super(StringCodec.UTF8);
    }

    static boolean isFor(Request<?> request) {
        return request.isClaim() || request.isPlainRelease();
    }

    /** Whether it takes one more. */
    synchronized boolean add(Request<?> request) {
        if (full || !fits(request)) {
            return false;
        }
        (request.isClaim() ? claims : releases).add(request);
        full = releases.size() + claims.size() == LIMIT;
        return true;
    }

    /** The claims of a batch are for the same lease time and lock-delay, number of tokens, inbox and terms. */
    private boolean fits(Request<?> request) {
        if (!request.isClaim() || claims.isEmpty()) {
            return true;
        }
        Request<?> first = claims.get(0);
        return request.agrees(first, 2) && request.agrees(first, 4) && request.agrees(first, 6);
    }

    void sendOn(RedisAsyncCommands<String, String> redis) {
        sendOn(redis, this::answered);
    }

    @Override
    public CommandArgs<String, String> encoded(boolean withText) {
        return withText ? assembled(true) : this;
    }

    @Override
    public BatchOutput newOutput() {
        return new BatchOutput();
    }

    void answered(@Nullable List<Object> answers, @Nullable Throwable failure) {
        List<Request<?>> all = all();
        if (answers != null && answers.size() != all.size()) {
            answered(
                    null,
                    new IllegalStateException(
                            "Redis answered %d requests with %d answers".formatted(all.size(), answers.size())));
            return;
        }
        for (int i = 0; i < all.size(); i++) {
            if (answers != null) {
                all.get(i).answer(answers.get(i));
            } else if (failure != null) {
                all.get(i).fail(failure);
            }
        }
    }

    /** A command that failed before it was encoded takes no more either. */
    private synchronized List<Request<?>> all() {
        full = true;
        List<Request<?>> all = new ArrayList<>(releases);
        all.addAll(claims);
        return all;
    }

    @Override
    public int count() {
        return closed().count();
    }

    @Override
    public void encode(ByteBuf command) {
        closed().encode(command);
    }

    private synchronized Arguments closed() {
        Arguments known = encoded;
        if (known == null) {
            known = assembled(false);
            encoded = known;
            full = true;
        }
        return known;
    }

    private Arguments assembled(boolean withText) {
        if (releases.size() + claims.size() == 1) {
            return (claims.isEmpty() ? releases : claims).get(0).encoded(withText);
        }
        List<String> keys = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        addKeys(keys);
        addArguments(arguments);
        return Script.BATCH.encoded(withText, keys.toArray(String[]::new), arguments.toArray(String[]::new));
    }

    private void addKeys(List<String> keys) {
        releases.forEach(release -> keys.add(release.key(0)));
        for (Request<?> claim : claims) {
            keys.add(claim.key(0));
            keys.add(claim.key(1));
            keys.add(claim.key(3));
        }
        releases.forEach(release -> keys.add(release.key(2)));
        claims.forEach(claim -> keys.add(claim.key(2)));
        releases.forEach(release -> keys.add(release.key(1)));
    }

    private void addArguments(List<String> arguments) {
        Request<?> first = claims.isEmpty() ? null : claims.get(0);
        arguments.add((first == null ? releases.get(0) : first).argument(0));
        arguments.add(Integer.toString(releases.size()));
        for (int shared : new int[] {2, 4, 6}) {
            arguments.add(first == null ? "" : first.argument(shared));
        }
        releases.forEach(release -> arguments.add(release.argument(1)));
        for (Request<?> claim : claims) {
            arguments.add(claim.argument(1));
            arguments.add(claim.argument(3));
            arguments.add(claim.argument(5));
        }
    }
}
