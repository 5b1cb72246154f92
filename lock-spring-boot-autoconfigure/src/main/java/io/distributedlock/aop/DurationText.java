package io.distributedlock.aop;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How durations are written in annotations and properties: with a unit, so that nobody has to know a default one. */
public final class DurationText {

    private static final Pattern SIMPLE = Pattern.compile("(\\d{1,12})(ns|us|ms|s|m|h|d)");

    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ns", ChronoUnit.NANOS,
            "us", ChronoUnit.MICROS,
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @param text like {@code 500ms}, {@code 5s}, {@code 2m}, {@code PT5S}; only {@code 0} may go without a unit
     * @return zero or more
     * @throws IllegalArgumentException if it is something else; the message names the mend
     */
    public static Duration parse(String text) {
        String trimmed = text.trim().toLowerCase(Locale.ROOT);
        if (trimmed.equals("0")) {
            return Duration.ZERO;
        }
        Matcher simple = SIMPLE.matcher(trimmed);
        if (simple.matches()) {
            return Duration.of(Long.parseLong(simple.group(1)), UNITS.get(simple.group(2)));
        }
        if (trimmed.matches("\\d+")) {
            throw new IllegalArgumentException("'%s' has no unit; write '%ss' for seconds or '%sms' for milliseconds"
                    .formatted(text, text.trim(), text.trim()));
        }
        Duration iso = iso(text, trimmed);
        if (iso.isNegative()) {
            throw notADuration(text, "is negative");
        }
        return iso;
    }

    private static Duration iso(String text, String trimmed) {
        try {
            return Duration.parse(trimmed);
        } catch (DateTimeException e) {
            throw notADuration(text, trimmed.startsWith("-") ? "is negative" : "is not a duration");
        }
    }

    private static IllegalArgumentException notADuration(String text, String problem) {
        return new IllegalArgumentException(
                "'%s' %s; write zero or more with a unit, like '500ms', '5s', '2m' or 'PT5S'".formatted(text, problem));
    }
}
