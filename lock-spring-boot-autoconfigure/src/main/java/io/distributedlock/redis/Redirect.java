package io.distributedlock.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a server in a Cluster that has not run a request, because another one has its slot.
 *
 * @param forOnce whether the slot is on its way to the other one, which runs this request only when it is told to
 * @param host as the servers know it; empty = the host of the server that answers
 */
record Redirect(boolean forOnce, String host, int port) {

    private static final Pattern ANSWER = Pattern.compile("(MOVED|ASK) \\d+ (\\S*):(\\d+)");

    /** {@code null} for any other failure, also where the server does not know by what name clients know the other one. */
    static @Nullable Redirect of(Throwable error) {
        if (!(error instanceof RedisCommandExecutionException)) {
            return null;
        }
        Matcher answer = ANSWER.matcher(String.valueOf(error.getMessage()));
        return answer.lookingAt() && !answer.group(2).equals("?")
                ? new Redirect(answer.group(1).equals("ASK"), answer.group(2), Integer.parseInt(answer.group(3)))
                : null;
    }
}
