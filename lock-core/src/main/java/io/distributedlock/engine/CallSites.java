package io.distributedlock.engine;

import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where leases were acquired, in words, for the one that is forgotten. Nearly all leases come from a few places: a place is
 * put into words once, and a lease has a reference to them.
 */
final class CallSites {

    private static final String ENGINE_PACKAGE = CallSites.class.getPackageName() + '.';

    /** Few, since each costs, also those who never forget a lease. */
    private static final int SHOWN_FRAMES = 4;

    /** Beyond that many places, each lease has words of its own. */
    private static final int MAX_PLACES = 1_000;

    /** The engine's own frames and those that are shown, fetched at once. */
    private static final StackWalker WALKER = StackWalker.getInstance(Set.of(), 16);

    /**
     * Looking takes longer than all else that the engine does for a lease. Where very many are acquired, those that are
     * looked at will do: a place that forgets leases forgets many.
     */
    private static final int MOST_PER_SECOND = 2_000;

    static final String NOT_RECORDED =
            " at a place that is not known: more than " + MOST_PER_SECOND + " leases were acquired in that second";

    private static final AtomicInteger looks = new AtomicInteger();
    private static volatile long second;

    private static final Map<Long, String> places = new ConcurrentHashMap<>();

    private CallSites() {}

    /** The innermost callers outside of the engine, a line each. */
    static String present() {
        return mayLook(System.nanoTime()) ? look() : NOT_RECORDED;
    }

    static boolean mayLook(long nanos) {
        long now = TimeUnit.NANOSECONDS.toSeconds(nanos);
        if (now != second) {
            second = now;
            looks.set(0);
        }
        return looks.incrementAndGet() <= MOST_PER_SECOND;
    }

    private static String look() {
        return WALKER.walk(frames -> {
            StackFrame[] shown = new StackFrame[SHOWN_FRAMES];
            int count = 0;
            long place = 0;
            for (Iterator<StackFrame> all = frames.iterator(); count < SHOWN_FRAMES && all.hasNext(); ) {
                StackFrame frame = all.next();
                if (count > 0 || !frame.getClassName().startsWith(ENGINE_PACKAGE)) {
                    shown[count++] = frame;
                    place = 31
                                    * (31 * (31 * place + frame.getClassName().hashCode())
                                            + frame.getMethodName().hashCode())
                            + frame.getByteCodeIndex();
                }
            }
            String known = places.get(place);
            return known != null ? known : describe(place, shown, count);
        });
    }

    private static String describe(long place, StackFrame[] shown, int count) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < count; i++) {
            words.append("\n\tat ").append(shown[i]);
        }
        String description = words.toString();
        if (places.size() < MAX_PLACES) {
            places.put(place, description);
        }
        return description;
    }
}
