package io.distributedlock.redis;

import java.util.List;

/** What the acquire script answers. */
sealed interface Answer {

    /** The claim has the lock, for its whole lease from when the script ran. */
    record Granted(long token, int tokens) implements Answer {}

    /**
     * Another one has the lock.
     *
     * @param queued whether the claim waits in the queue; {@code false} when it came without a wait time
     * @param freeInMillis when the lock is free at the latest, unless its holder renews it
     * @param atMicros the store's time
     */
    record Taken(boolean queued, long freeInMillis, long atMicros) implements Answer {}

    /** The script stopped before it was done: ask again at once. */
    record More() implements Answer {}

    /** The claim was withdrawn or released before this request came to the store. */
    record Gone() implements Answer {}

    static Answer parse(List<Object> answer) {
        String kind = String.valueOf(answer.get(0));
        return switch (kind) {
            case "granted" -> new Granted(number(answer.get(1)), Math.toIntExact(number(answer.get(2))));
            case "queued", "taken" -> new Taken(kind.equals("queued"), number(answer.get(1)), number(answer.get(2)));
            case "more" -> new More();
            case "gone" -> new Gone();
            default -> throw new IllegalStateException("Redis answered an acquire with " + answer);
        };
    }

    private static long number(Object field) {
        return Long.parseLong(String.valueOf(field));
    }
}
