package io.distributedlock.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.distributedlock.HolderInfo;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Duration;

/** One field of what is written to the store: fields are parted by spaces, so they contain none. */
final class Field {

    /** A year: longer times are cut, so that no sum of times overflows. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private Field() {}

    static String encode(String text) {
        return isPlain(text) ? text : URLEncoder.encode(text, UTF_8);
    }

    /** Whether it is read as what it is: the ids of holders are, and the names of most instances and threads. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~' || c == '%' || c == '+') {
                return false;
            }
        }
        return true;
    }

    static String decode(String field) {
        return URLDecoder.decode(field, UTF_8);
    }

    static String encode(HolderInfo info) {
        return encode(info.application()) + " " + encode(info.instance()) + " " + encode(info.thread());
    }

    /** Milliseconds, rounded up: the store never keeps a lock for less than the client believes. */
    static long millis(Duration duration) {
        if (duration.compareTo(LONGEST) > 0) {
            return LONGEST.toMillis();
        }
        return duration.plusNanos(999_999).toMillis();
    }
}
