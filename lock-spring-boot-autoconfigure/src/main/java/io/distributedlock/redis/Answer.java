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
        String[] field = answer.split(" ", -1);
        return switch (field[0]) {
            case "granted" -> new Granted(Long.parseLong(field[1]), Integer.parseInt(field[2]));
            case "queued", "taken" ->
                new Taken(field[0].equals("queued"), Long.parseLong(field[1]), Long.parseLong(field[2]));
            case "more" -> new More();
            case "gone" -> new Gone();
            default -> throw new IllegalStateException("Redis answered an acquire with " + answer);
        };
    }
}
