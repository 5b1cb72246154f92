package io.distributedlock.redis;

import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How much a server has done.
 *
 * @param scripts runs of scripts: requests of the backend
 * @param nested commands that scripts ran, if nobody sends any but scripts
 */
record CommandCounts(long scripts, long nested) {

    private static final Pattern LINE = Pattern.compile("cmdstat_([^:|]+)[^:]*:calls=(\\d+)");
    private static final Set<String> SCRIPTS = Set.of("eval", "evalsha");

    /** What tests and the making of connections send. */
    private static final Set<String> BESIDE =
            Set.of("script", "info", "hello", "client", "command", "subscribe", "ping");

    static CommandCounts of(String commandstats) {
        long scripts = 0;
        long nested = 0;
        for (MatchResult line : LINE.matcher(commandstats).results().toList()) {
            long calls = Long.parseLong(line.group(2));
            if (SCRIPTS.contains(line.group(1))) {
                scripts += calls;
            } else if (!BESIDE.contains(line.group(1))) {
                nested += calls;
            }
        }
        return new CommandCounts(scripts, nested);
    }

    CommandCounts since(CommandCounts before) {
        return new CommandCounts(scripts - before.scripts, nested - before.nested);
    }
}
