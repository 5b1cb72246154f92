package io.distributedlock.aop

import io.distributedlock.LockLostException
import io.distributedlock.LockManager
import io.distributedlock.LockNotAcquiredException
import io.distributedlock.LockRequest
import io.distributedlock.Locking
import io.distributedlock.ThrowingRunnable
import io.distributedlock.annotation.DistributedLock
import io.distributedlock.annotation.OnContention
import io.distributedlock.annotation.OnLoss
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired

/** A lock of a suspend function or of a flow is held until the coroutine has ended. */
class CoroutineTests {

    open class Stock {

        @Autowired
        open lateinit var locks: LockManager

        @DistributedLock("order:#{#id}")
        open suspend fun reserve(id: Long): Long {
            delay(1)
            return locks.current("order:$id").orElseThrow().fencingToken()
        }
    }

    open class Orders {

        @Autowired
        open lateinit var locks: LockManager

        @Autowired
        open lateinit var stock: Stock

        open val calls = AtomicInteger()
        open val work = CompletableDeferred<String>()
        open val cleaning = CountDownLatch(1)
        open val cleaned = CompletableDeferred<Unit>()

        @DistributedLock("order:#{#id}")
        open suspend fun ship(id: Long): String {
            calls.incrementAndGet()
            return work.await()
        }

        @DistributedLock("order:1")
        open suspend fun tokens(): List<Long> {
            val before = locks.current("order:1").orElseThrow().fencingToken()
            val elsewhere = withContext(Dispatchers.Default) {
                delay(1)
                locks.current("order:1").orElseThrow().fencingToken()
            }
            return listOf(before, elsewhere, stock.reserve(1))
        }

        @DistributedLock("order:1")
        open suspend fun nothing() {
            delay(1)
        }

        @DistributedLock("order:1")
        open suspend fun throwing(): String {
            delay(1)
            throw IllegalStateException("no stock")
        }

        @DistributedLock("order:1", onContention = OnContention.SKIP)
        open suspend fun skipping(): String? = "ran"

        @DistributedLock("order:1", onContention = OnContention.SKIP)
        open suspend fun skippingNothing() {
            calls.incrementAndGet()
        }

        @DistributedLock("order:1", onContention = OnContention.FALLBACK, fallback = "busy")
        open suspend fun falling(id: Long): String = "ran $id"

        open suspend fun busy(id: Long, cause: LockNotAcquiredException): String {
            delay(1)
            return "busy $id: ${cause.lockName()}"
        }

        @DistributedLock("order:1", waitTime = "1h")
        open suspend fun patient(): String {
            calls.incrementAndGet()
            return "shipped"
        }

        @DistributedLock("order:1")
        open suspend fun cleaningUp() {
            try {
                calls.incrementAndGet()
                awaitCancellation()
            } finally {
                withContext(NonCancellable) {
                    cleaning.countDown()
                    cleaned.await()
                }
            }
        }

        @DistributedLock("order:1", maxHoldTime = "200ms", onLoss = OnLoss.INTERRUPT)
        open suspend fun interruptible() {
            try {
                awaitCancellation()
            } finally {
                cleaned.complete(Unit)
            }
        }

        @DistributedLock("order:1", maxHoldTime = "200ms")
        open suspend fun bounded(): String {
            calls.incrementAndGet()
            return work.await()
        }

        @DistributedLock("order:1")
        open suspend fun siblings(): Int = coroutineScope {
            val inside = AtomicInteger()
            val most = AtomicInteger()
            repeat(2) {
                launch(Dispatchers.IO) {
                    locks.withLock(LockRequest.of("row").waitTime(Duration.ofSeconds(10)), ThrowingRunnable<RuntimeException> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max)
                        await().pollDelay(Duration.ofMillis(100)).until { true }
                        inside.decrementAndGet()
                    })
                }
            }
            most
        }.get()

        @DistributedLock("order:1")
        open fun events(): Flow<String> = flow {
            calls.incrementAndGet()
            emit("held ${locks.current("order:1").isPresent}")
            work.await()
            emit("held ${locks.current("order:1").isPresent}")
        }
    }

    private class Fixture(val orders: Orders, val locks: LockManager) {

        fun isFree(): Boolean = Locking.isFree("order:1", locks)
    }

    private fun with(test: suspend Fixture.() -> Unit) {
        Locking.application(Orders::class.java, Stock::class.java).run { context ->
            val fixture = Fixture(context.getBean(Orders::class.java), context.getBean(LockManager::class.java))
            runBlocking { fixture.test() }
            await().untilAsserted { assertThat(fixture.locks.held()).isEmpty() }
        }
    }

    @Test
    fun `a suspend function holds its lock until it has ended`() = with {
        runBlocking {
            val answer = async(Dispatchers.Default) { orders.ship(1) }
            await().until { orders.calls.get() == 1 }
            assertThat(isFree()).isFalse()
            orders.work.complete("shipped")
            assertThat(answer.await()).isEqualTo("shipped")
            assertThat(isFree()).isTrue()
        }
    }

    @Test
    fun `its lock is current and re-entered on every thread that it runs on`() = with {
        assertThat(orders.tokens().toSet()).hasSize(1)
        assertThat(locks.current("order:1")).isEmpty()
    }

    @Test
    fun `it answers nothing or an exception as without a lock`() = with {
        assertThat(orders.nothing()).isEqualTo(Unit)
        assertThatThrownBy { runBlocking { orders.throwing() } }.hasMessage("no stock")
        assertThat(isFree()).isTrue()
    }

    @Test
    fun `it says that its lock was not to be had`() = with {
        val other = Locking.anotherHolderOf("order:1", locks)
        assertThatThrownBy { runBlocking { orders.ship(1) } }.isInstanceOf(LockNotAcquiredException::class.java)
        assertThat(orders.skipping()).isNull()
        orders.skippingNothing()
        assertThat(orders.calls.get()).isZero()
        assertThat(orders.falling(7)).isEqualTo("busy 7: order:1")
        other.close()
        assertThat(orders.falling(7)).isEqualTo("ran 7")
    }

    @Test
    fun `its claim is withdrawn when it is cancelled before the grant`() = with {
        val other = Locking.anotherHolderOf("order:1", locks)
        runBlocking {
            val call = launch(Dispatchers.Default) { orders.patient() }
            await().until { locks.waiting().containsKey("order:1") }
            call.cancelAndJoin()
            assertThat(locks.waiting()).isEmpty()
        }
        other.close()
        assertThat(orders.calls.get()).isZero()
        assertThat(isFree()).isTrue()
    }

    @Test
    fun `its lock is kept for what it does when it is cancelled`() = with {
        runBlocking {
            val call = launch(Dispatchers.Default) { orders.cleaningUp() }
            await().until { orders.calls.get() == 1 }
            call.cancel()
            assertThat(orders.cleaning.await(5, TimeUnit.SECONDS)).isTrue()
            assertThat(isFree()).isFalse()
            orders.cleaned.complete(Unit)
            call.join()
        }
        await().until { isFree() }
    }

    @Test
    fun `it is cancelled when a loss interrupts`() = with {
        assertThatThrownBy { runBlocking { orders.interruptible() } }
            .isInstanceOf(LockLostException::class.java)
            .hasMessageContaining("was interrupted for that")
        orders.cleaned.await()
    }

    @Test
    fun `it fails at its end when its lock was lost`() = with {
        runBlocking {
            val answer = async(Dispatchers.Default) { runCatching { orders.bounded() } }
            await().until { orders.calls.get() == 1 }
            await().until { locks.held().isEmpty() }
            orders.work.complete("shipped")
            assertThat(answer.await().exceptionOrNull())
                .isInstanceOf(LockLostException::class.java)
                .hasMessageContaining("had completed by then")
        }
    }

    @Test
    fun `a flow holds its lock from the collection to its end`() = with {
        val events = orders.events()
        assertThat(orders.calls.get()).isZero()
        val seen = events.onEach {
            assertThat(locks.current("order:1")).isEmpty()
            if (!orders.work.isCompleted) {
                assertThat(isFree()).isFalse()
                orders.work.complete("go on")
            }
        }
        assertThat(seen.toList()).containsExactly("held true", "held true")
        assertThat(isFree()).isTrue()
        assertThat(events.first()).isEqualTo("held true")
        await().until { isFree() }
    }

    open class SuspendsBeforeItFlows {
        @DistributedLock("order:1")
        open suspend fun events(): Flow<String> = flow { emit("a") }
    }

    open class SkipsANumber {
        @DistributedLock("order:1", onContention = OnContention.SKIP)
        open suspend fun count(): Int = 1
    }

    @Test
    fun `what cannot be kept is refused at the start`() {
        val refused = mapOf(
            SuspendsBeforeItFlows::class.java to "nobody here would know when the work of the return type Flow is done",
            SkipsANumber::class.java to "a skipped call answers null, which",
        )
        refused.forEach { (type, message) ->
            Locking.application(type).run { context ->
                assertThat(context).hasFailed()
                assertThat(context.startupFailure).hasStackTraceContaining(message)
            }
        }
    }

    @Test
    fun `what a compiler makes of an open function is no method of its own`() {
        val methods = Orders::class.java.declaredMethods.filter { it.isSynthetic && !it.isBridge }
        assertThat(methods).anyMatch { it.name.endsWith("suspendImpl") }
        Locking.application(Orders::class.java, Stock::class.java).run { context ->
            val pointcut = LockPointcut(context.getBean(LockedMethods::class.java))
            assertThat(methods).noneMatch { pointcut.matches(it, Orders::class.java) }
        }
    }

    @Test
    fun `siblings in one call do not have each other's locks`() = with {
        assertThat(orders.siblings()).isEqualTo(1)
    }
}
