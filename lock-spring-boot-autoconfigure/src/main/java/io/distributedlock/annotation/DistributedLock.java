package io.distributedlock.annotation;

import io.distributedlock.LockMode;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * Runs a method of a Spring bean under a lock: among all instances of the application, at most one call at a time runs
 * for the same lock name.
 *
 * <pre>{@code
 * @DistributedLock("order:#{#id}")
 * public Receipt pay(long id) { … }
 * }</pre>
 *
 * <p>The lock is taken before the method, renewed while it runs and given back after it, outside of transactions and
 * caches that are on the same method. A holder that dies frees it after its lease time. Without the lock the method does
 * not run: a call that does not get it in time throws {@link io.distributedlock.LockNotAcquiredException}, and a store
 * that fails throws {@link io.distributedlock.LockBackendException}.
 *
 * <p><b>Asynchronous methods</b> hold the lock until their work is done, on whichever thread: one that returns a
 * {@link java.util.concurrent.CompletionStage} until that is completed, a {@code Mono} or {@code Flux} from each subscription's grant to its
 * end, a coroutine until it has ended. Their callers are not kept waiting; exceptions come by the future or the stream, and
 * cancelling it withdraws the claim. A method that returns a future is called on a thread of this library and should not block, unless it is
 * {@code @Async}: then its own thread waits and calls it.
 *
 * <p><b>Where.</b> On a method; on a class, for its public methods that can be overridden and are declared in it; on an
 * interface or superclass of either; on an annotation of your own, whose attributes can be declared as aliases of these.
 * Annotations on a method replace those of its class. Repeated, or with several names, all locks are taken together, in
 * the order of their names, or none. Like every Spring advice it works for calls from outside the bean only.
 *
 * <p><b>Names</b> are literal text with SpEL in <code>#{…}</code> and placeholders in <code>${…}</code>. In SpEL,
 * parameters are variables ({@code #id}, or {@code #p0} by position), {@code #root.method} and {@code #root.target} are
 * the method and the bean behind the proxy, {@code @other} is a bean. A name is evaluated once per call, before the method
 * runs. An expression yields a string, number, boolean, enum, UUID, or an object whose type declares {@code toString};
 * one expression of a name may yield a collection of these, each of which makes a lock. Nulls, blanks and empty
 * collections are refused: they would lock something else than was meant.
 *
 * <p><b>Durations</b> are written {@code "500ms"}, {@code "5s"}, {@code "PT5S"} or as a placeholder; only {@code "0"} may
 * go without a unit.
 *
 * <p>Whatever can be checked is checked when the bean is created: an annotation that cannot work ends the start of the
 * application with a message that names the method and the mend.
 */
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Repeatable(DistributedLocks.class)
public @interface DistributedLock {

    /**
     * Short for {@link #name()}.
     *
     * @return the names
     */
    @AliasFor("name")
    String[] value() default {};

    /**
     * What is locked, for example {@code "nightly-report"}, <code>"order:#{#id}"</code> or
     * <code>"sku:#{#cart.skus}"</code>, where a collection makes many locks.
     *
     * @return at least one name
     */
    @AliasFor("value")
    String[] name() default {};

    /**
     * Whether the call keeps all others out. {@link LockMode#SHARED} is not available in this version.
     *
     * @return the mode
     */
    LockMode mode() default LockMode.EXCLUSIVE;

    /**
     * By how many calls at a time the method may run, as a semaphore. Not available in this version.
     *
     * @return 0 = not a semaphore
     */
    int permits() default 0;

    /**
     * How long a call waits while others have the lock; {@code "0"} = not at all.
     *
     * @return a duration; empty = the property {@code lock.wait-time}
     */
    String waitTime() default "";

    /**
     * How long the store keeps the lock when it is no longer renewed, at least 100 ms: so long others wait for a holder
     * that died. A lock is always renewed while the method runs, so this says nothing about how long it may run.
     *
     * @return a duration; empty = the property {@code lock.lease-time}
     */
    String leaseTime() default "";

    /**
     * After which time the lock is no longer renewed, so that a call that hangs loses it.
     *
     * @return a duration; empty = the property {@code lock.max-hold-time}
     */
    String maxHoldTime() default "";

    /**
     * How long the lock stays taken at least, also when the method is faster or the instance dies. For scheduled jobs
     * that start at the same time on instances with slightly different clocks.
     *
     * @return a duration; empty = no bound
     */
    String minHoldTime() default "";

    /**
     * What a call does when others had the lock for the whole wait time.
     *
     * @return throw, skip, or run the fallback
     */
    OnContention onContention() default OnContention.THROW;

    /**
     * The method that runs in place of this one with {@link OnContention#FALLBACK}: of the same class, with the same
     * parameters, optionally one more at the end for the {@link io.distributedlock.LockNotAcquiredException}, and with a
     * return type that fits. It may be private, not static. Of a suspend function, it is one too.
     *
     * @return name of the method
     */
    String fallback() default "";

    /**
     * What a call does when the lock is lost while the method runs.
     *
     * @return throw at the end, interrupt the method at once, or ignore
     */
    OnLoss onLoss() default OnLoss.THROW;

    /**
     * What the lock is for.
     *
     * @return the guarantee
     */
    Guarantee guarantee() default Guarantee.EFFICIENCY;

    /**
     * Who compares fencing tokens, with {@link Guarantee#CORRECTNESS} only.
     *
     * @return for {@link Guarantee#CORRECTNESS} only
     */
    Fencing fencing() default Fencing.TRANSACTION;

    /**
     * SpEL as in names, without <code>#{}</code>, that says whether a call needs this lock. It must yield a Boolean; on
     * {@code false} the method runs without this lock.
     *
     * @return an expression; empty = always
     */
    String condition() default "";

    /**
     * Which {@link io.distributedlock.LockManager} takes the lock, when the application has several.
     *
     * @return name of the bean; empty = the only or primary one
     */
    String manager() default "";
}
