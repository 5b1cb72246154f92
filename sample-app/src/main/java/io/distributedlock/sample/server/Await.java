package io.distributedlock.sample.server;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for another process, which can only be asked again and again. */
final class Await {

    private Await() {}

    static boolean within(Duration time, BooleanSupplier condition) {
        long end = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return true;
    }
}
