package io.distributedlock.engine;

import io.distributedlock.spi.LockBackend;

/** What the pieces of one engine share. */
record EngineParts(
        LockBackend backend,
        EngineSettings settings,
        EngineClock clock,
        EngineThreads threads,
        Alarms alarms,
        Listeners listeners,
        Failures failures,
        Releases releases) {}
