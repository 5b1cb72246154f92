package io.distributedlock.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.function.BiConsumer;

/**
 * A script that is to run once, for one lock.
 *
 * @param <T> what it returns
 */
final class Request<T> {

    private final Script script;
    private final String[] keys;
    private final String[] arguments;
    private final BiConsumer<? super T, ? super Throwable> answer;

    /** @param answer called once, with what the script returned or with an exception */
    Request(Script script, String[] keys, String[] arguments, BiConsumer<? super T, ? super Throwable> answer) {
        this.script = script;
        this.keys = keys;
        this.arguments = arguments;
        this.answer = answer;
    }

    boolean isClaim() {
        return script == Script.ACQUIRE;
    }

    /** Whether it gives a lock back and does nothing else: keeps no name, leaves no tombstone, knows of no place in the queue. */
    boolean isPlainRelease() {
        return script == Script.RELEASE
                && arguments[2].isEmpty()
                && arguments[3].equals("0")
                && arguments[4].equals("0");
    }

    /** Whether another one of the same script has the same argument there. */
    boolean agrees(Request<?> other, int argument) {
        return arguments[argument].equals(other.arguments[argument]);
    }

    /** In the order of the script, from 0. */
    String key(int number) {
        return keys[number];
    }

    /** In the order of the script, from 0. */
    String argument(int number) {
        return arguments[number];
    }

    Arguments encoded(boolean withText) {
        return script.encoded(withText, keys, arguments);
    }

    @SuppressWarnings("unchecked") // it is what the script returned
    void answer(Object value) {
        if (value instanceof Throwable failure) {
            fail(failure);
        } else {
            answer.accept((T) value, null);
        }
    }

    void fail(Throwable cause) {
        answer.accept(null, cause);
    }

    void sendOn(RedisAsyncCommands<String, String> redis) {
        script.run(redis, keys, arguments, answer);
    }
}
