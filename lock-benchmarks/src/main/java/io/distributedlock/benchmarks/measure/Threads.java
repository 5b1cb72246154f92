package io.distributedlock.benchmarks.measure;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ThreadFactory;

/** Kinds of threads. */
public final class Threads {

    private Threads() {}

    /**
     * Threads of the operating system.
     *
     * @return makes daemon threads
     */
    public static ThreadFactory platform() {
        return task -> {
            Thread thread = new Thread(task, "load");
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Whether this JVM has virtual threads.
     *
     * @return {@code true} from JDK 21 on
     */
    public static boolean hasVirtual() {
        return Runtime.version().feature() >= 21;
    }

    /**
     * Virtual threads; by reflection, since this is compiled for JDK 17.
     *
     * @return makes them
     * @throws UnsupportedOperationException before JDK 21
     */
    public static ThreadFactory virtual() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException e) {
            throw new UnsupportedOperationException("Virtual threads need JDK 21 or later", e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
