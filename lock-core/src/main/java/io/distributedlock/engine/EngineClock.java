package io.distributedlock.engine;

import java.util.function.LongSupplier;

/** Where the engine reads time; tests move it. */
record EngineClock(LongSupplier nanoTime, LongSupplier wallMillis) {

    static final EngineClock SYSTEM = new EngineClock(System::nanoTime, System::currentTimeMillis);

    Moment now() {
        return new Moment(nanoTime.getAsLong(), wallMillis.getAsLong());
    }

    long nanos() {
        return nanoTime.getAsLong();
    }
}
