package io.distributedlock.autoconfigure;

import io.distributedlock.engine.LockEngine;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the locks of this instance after the executors (whose work may hold them) and before the clients of the stores
 * (by which they are given back).
 */
final class LockShutdown implements SmartLifecycle {

    /** Lettuce stops in phase 0, executors in {@link SmartLifecycle#DEFAULT_PHASE} / 2. Higher phases stop earlier. */
    static final int PHASE = Integer.MAX_VALUE / 4;

    private final LockEngine engine;
    private volatile boolean running;

    LockShutdown(LockEngine engine) {
        this.engine = engine;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        engine.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** A context that pauses keeps what it has locked; an engine that was closed does not open again. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
