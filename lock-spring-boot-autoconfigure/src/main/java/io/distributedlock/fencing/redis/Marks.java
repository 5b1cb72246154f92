package io.distributedlock.fencing.redis;

import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;

/** Raises marks, and runs scripts behind them. */
final class Marks {

    private static final String REFUSED = "FENCED";

    /**
     * Takes its own key and arguments away from the end, and leaves the others to the script that follows. Tokens have 19
     * digits and are compared as text: as numbers, Lua rounds them above 2^53.
     */
    private static final String RAISE = """
            do
              local retention, holder, token = table.remove(ARGV), table.remove(ARGV), table.remove(ARGV)
              local key = table.remove(KEYS)
              local mark = redis.call('get', key)
              if mark then
                local last, who = string.sub(mark, 1, 19), string.sub(mark, 21)
                if last > token or (last == token and who ~= holder) then
                  return redis.error_reply('%s by a later holder')
                end
              end
              redis.call('set', key, token .. ' ' .. holder, 'px', retention)
            end
            """.formatted(REFUSED);

    private static final RedisScript<Void> NOTHING = RedisScript.of("return nil");

    private final StringRedisTemplate redis;
    private final String retention;

    Marks(StringRedisTemplate redis, Duration retention) {
        this.redis = redis;
        this.retention = Long.toString(retention.toMillis());
    }

    void raise(String resource, FencingToken token) {
        raiseAndRun(resource, token, NOTHING, List.of());
    }

    <T> @Nullable T raiseAndRun(
            String resource, FencingToken token, RedisScript<T> script, List<String> keys, String... arguments) {
        List<String> allKeys = new ArrayList<>(keys);
        allKeys.add("fence:" + tag(resource));
        keys.forEach(key -> checkSlot(key, resource));
        checkAnswersAtOnce(resource);
        List<String> allArguments = new ArrayList<>(List.of(arguments));
        allArguments.addAll(List.of("%019d".formatted(token.value()), token.holder(), retention));
        try {
            return redis.execute(behindTheMark(script), allKeys, allArguments.toArray());
        } catch (DataAccessException e) {
            throw isRefusal(e) ? new StaleTokenException(resource, token) : e;
        }
    }

    /** What is only queued refuses nobody before the caller has gone on. */
    private void checkAnswersAtOnce(String resource) {
        Boolean queues = redis.execute(
                (RedisCallback<Boolean>) connection -> connection.isQueueing() || connection.isPipelined());
        if (Boolean.TRUE.equals(queues)) {
            throw new IllegalStateException(
                    "The fence of resource '%s' has to answer before anything else is done, and the Redis connection of this thread queues its commands (MULTI, a pipeline, or a transaction with enableTransactionSupport). Enter and write outside of that, by a StringRedisTemplate without transaction support"
                            .formatted(resource));
        }
    }

    private static <T> RedisScript<T> behindTheMark(RedisScript<T> script) {
        String text = script.getScriptAsString();
        if (text.startsWith("#!")) {
            throw new IllegalArgumentException(
                    "A script that runs behind a fence cannot begin with '#!', but began with '%s'. Remove this line"
                            .formatted(text.lines().findFirst().orElse("")));
        }
        DefaultRedisScript<T> behind = new DefaultRedisScript<>(RAISE + text);
        Class<T> type = script.getResultType();
        if (type != null) {
            behind.setResultType(type);
        }
        return behind;
    }

    private static String tag(String resource) {
        if (resource.isBlank() || resource.contains("{") || resource.contains("}")) {
            throw new IllegalArgumentException(
                    "A resource in Redis must have a name without braces, but was '%s'".formatted(resource));
        }
        return "{" + resource + "}";
    }

    /** As Redis does it: what is between the first brace and the first one that closes after it decides on the slot. */
    private static void checkSlot(String key, String resource) {
        String tag = tag(resource);
        if (key.indexOf('{') < 0 || key.indexOf('{') != key.indexOf(tag)) {
            throw new IllegalArgumentException(
                    "The key '%s' is not in the slot of resource '%s'. Put '%s' into it, before any other brace"
                            .formatted(key, resource, tag));
        }
    }

    private static boolean isRefusal(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && message.startsWith(REFUSED)) {
                return true;
            }
        }
        return false;
    }
}
