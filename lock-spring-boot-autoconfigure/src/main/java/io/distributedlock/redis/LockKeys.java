package io.distributedlock.redis;

import java.util.regex.Pattern;

/**
 * How the keys of a lock are called.
 *
 * <p>All keys of one lock are in one slot: the hash tag is what stands between the braces. Different locks never share a
 * key: in names, braces (and the percent sign that stands for them) are written as percent codes, in the namespace the
 * colon as well, so that the first colon ends the namespace and the first closing brace ends the name.
 */
final class LockKeys {

    /** Parts the fields of what is written to the store, and the inbox is one of them. */
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s");

    private final String prefix;

    LockKeys(String namespace) {
        String escaped = WHITE_SPACE
                .matcher(escape(namespace).replace(":", "%3A"))
                .replaceAll(found -> "%%%02X".formatted((int) found.group().charAt(0)));
        this.prefix = "{" + escaped + ":";
    }

    String lock(String name) {
        return prefix + escape(name) + "}";
    }

    /** Lock, last token and queue: what a hand-off touches. */
    String[] handOff(String name) {
        String lock = lock(name);
        return new String[] {lock, lock + ":token", queue(lock)};
    }

    /**
     * As {@link #handOff} and the tombstone of a holder.
     *
     * @param holder as the store knows it
     */
    String[] handOff(String name, String holder) {
        String lock = lock(name);
        return new String[] {lock, lock + ":token", queue(lock), lock + ":gone:" + holder};
    }

    String[] inspect(String name) {
        String lock = lock(name);
        return new String[] {lock, queue(lock)};
    }

    /**
     * A channel: under the same prefix as the keys, so that one access rule covers both.
     *
     * @param inCluster whether it may be at another server than a lock, which then cannot know whether anybody listens
     */
    String inbox(String client, boolean inCluster) {
        return prefix + (inCluster ? "}cluster-inbox:" : "}inbox:") + client;
    }

    /** A key that says nothing: it is written so that replicas can be asked for what was written before to this lock. */
    String marker(String name) {
        return lock(name) + ":marker";
    }

    private static String queue(String lock) {
        return lock + ":queue";
    }

    private static String escape(String text) {
        return text.replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
    }
}
