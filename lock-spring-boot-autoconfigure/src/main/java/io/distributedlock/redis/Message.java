package io.distributedlock.redis;

import org.jspecify.annotations.Nullable;

/** What a script tells a waiting claim through its inbox. */
sealed interface Message {

    /** Whom it is for. */
    String holder();

    /**
     * The claim has the lock.
     *
     * @param atMicros the store's time at the grant
     * @param leaseMillis for how long, counted from then: a short time in which the holder renews or loses it
     */
    record Granted(String holder, long token, int tokens, long atMicros, long leaseMillis) implements Message {}

    /** The lock may be free after this time: look then. */
    record Look(String holder, long inMillis) implements Message {}

    /** Whatever is not a message of this kind (a channel is open to everybody) is {@code null}. */
    static @Nullable Message parse(String text) {
        String[] field = text.split(" ", -1);
        try {
            if (field[0].equals("granted") && field.length == 6) {
                return new Granted(
                        Field.decode(field[1]),
                        Long.parseLong(field[2]),
                        Integer.parseInt(field[3]),
                        Long.parseLong(field[4]),
                        Long.parseLong(field[5]));
            }
            if (field[0].equals("look") && field.length == 3) {
                return new Look(Field.decode(field[1]), Long.parseLong(field[2]));
            }
        } catch (IllegalArgumentException e) {
            return null;
        }
        return null;
    }
}
