package io.distributedlock.annotation;

/** What a call does when its lock is lost while the method runs. */
public enum OnLoss {

    /**
     * Let the method run to its end, then throw {@link io.distributedlock.LockLostException}. An exception of the method
     * itself wins, with ours suppressed onto it.
     */
    THROW,

    /** Interrupt the method at once. Not available in this version: an application that asks for it does not start. */
    INTERRUPT,

    /** Let the method run to its end and answer as if nothing had happened. The loss is still logged and counted. */
    IGNORE
}
