package io.distributedlock.annotation;

/** What a call does when its lock is lost while the method runs. */
public enum OnLoss {

    /**
     * Let the method run to its end, then throw {@link io.distributedlock.LockLostException}. An exception of the method
     * itself wins, with ours suppressed onto it. A future or stream that the method answers fails with these at its end; a stream of
     * several elements passes on none after the loss.
     */
    THROW,

    /**
     * Interrupt the thread of the method at once, and throw as {@link #THROW} when it ends. The thread is interrupted only while
     * the method runs, and its flag is cleared when it has ended. An {@link InterruptedException} that the method throws on
     * account of this becomes the {@link io.distributedlock.LockLostException}. An interrupt closes channels that the thread reads or
     * writes at that moment, as those of databases in a file.
     *
     * <p>A future that the method answers is cancelled and fails at once, a stream is cancelled and fails, a coroutine is cancelled.
     */
    INTERRUPT,

    /** Let the method run to its end and answer as if nothing had happened. The loss is still logged and counted. */
    IGNORE
}
