package io.distributedlock.redis;

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

    static Answer parse(String answer) {
        int first = answer.indexOf(' ');
        int second = answer.indexOf(' ', first + 1);
        if (first < 0 || second < 0) {
            return switch (answer) {
                case "more" -> new More();
                case "gone" -> new Gone();
                default -> throw unknown(answer);
            };
        }
        long one = Long.parseLong(answer, first + 1, second, 10);
        long other = Long.parseLong(answer, second + 1, answer.length(), 10);
        return switch (answer.substring(0, first)) {
            case "granted" -> new Granted(one, Math.toIntExact(other));
            case "queued" -> new Taken(true, one, other);
            case "taken" -> new Taken(false, one, other);
            default -> throw unknown(answer);
        };
    }

    private static IllegalStateException unknown(String answer) {
        return new IllegalStateException("Redis answered an acquire with " + answer);
    }
}
