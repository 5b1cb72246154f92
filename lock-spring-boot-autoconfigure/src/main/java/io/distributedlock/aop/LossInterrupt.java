package io.distributedlock.aop;

import io.distributedlock.Lease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Interrupts the thread of a call when one of its leases is lost, as long as the call runs and no longer. */
final class LossInterrupt implements AutoCloseable {

    private final Thread thread = Thread.currentThread();
    private @Nullable LossWatch watch;
    private boolean open = true;
    private boolean struck;

    private LossInterrupt() {}

    static LossInterrupt of(List<Lease> leases) {
        LossInterrupt interrupt = new LossInterrupt();
        interrupt.watch = LossWatch.of(leases, interrupt::strike);
        return interrupt;
    }

    /** Under the monitor: otherwise the thread could have gone on to other work in the meantime. */
    private synchronized void strike() {
        if (open && !struck) {
            struck = true;
            thread.interrupt();
        }
    }

    synchronized boolean hasStruck() {
        return struck;
    }

    /** The flag of an interrupt that nobody took notice of is not left to what the thread does next. */
    @Override
    public synchronized void close() {
        open = false;
        if (watch != null) {
            watch.close();
        }
        if (struck) {
            Thread.interrupted();
        }
    }
}
