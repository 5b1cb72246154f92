package io.distributedlock;

/**
 * Who holds or wants a lock, in words for people. Nothing here takes part in a decision.
 *
 * @param application name of the application
 * @param instance what tells this instance from others of the same application, for example {@code host:pid}
 * @param thread name of the thread that asked
 */
public record HolderInfo(String application, String instance, String thread) {

    @Override
    public String toString() {
        return application + " (" + instance + ", thread " + thread + ")";
    }
}
