package io.distributedlock.testkit.server;

import io.distributedlock.testkit.process.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real Redis for the tests of a class:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RedisServerExtension redis = RedisServerExtension.any();
 * }</pre>
 *
 * <p>{@link #any()} takes the first that is there: the server named by the environment variable
 * {@value #URL_VARIABLE}, a container, {@code redis-server} on the PATH, the binary of embedded-redis. With none, the
 * tests are skipped with a printed reason, and fail when the environment has {@code CI=true}. Tests that stop, kill or
 * restart the server ask for their {@link #own()}.
 */
public final class RedisServerExtension implements BeforeAllCallback, AfterAllCallback {

    /** Names a server that is there already, for example {@code redis://127.0.0.1:6379/1}. */
    public static final String URL_VARIABLE = "LOCK_TEST_REDIS_URL";

    private static final String IMAGE = "redis:8-alpine";
    private static final int PORT_IN_CONTAINER = 6379;

    private final boolean mayBeShared;
    private final boolean mayBeOnPath;
    private final boolean mayBeEmbedded;
    private boolean durable;
    private int depth;
    private @Nullable String uri;
    private @Nullable String flavour;
    private @Nullable RedisProcess process;
    private @Nullable AutoCloseable container;

    private RedisServerExtension(boolean mayBeShared, boolean mayBeOnPath, boolean mayBeEmbedded) {
        this.mayBeShared = mayBeShared;
        this.mayBeOnPath = mayBeOnPath;
        this.mayBeEmbedded = mayBeEmbedded;
    }

    /**
     * Any real server, which may be shared with others and cannot be restarted.
     *
     * @return to be registered in a static field
     */
    public static RedisServerExtension any() {
        return new RedisServerExtension(true, true, true);
    }

    /**
     * A server of its own that can be stopped and started: the one on the PATH, else the embedded one.
     *
     * @return to be registered in a static field
     */
    public static RedisServerExtension own() {
        return new RedisServerExtension(false, true, true);
    }

    /**
     * A server of its own by {@code redis-server} on the PATH, and no other.
     *
     * @return to be registered in a static field
     */
    public static RedisServerExtension onPath() {
        return new RedisServerExtension(false, true, false);
    }

    /**
     * A server of its own by the binary of embedded-redis, and no other.
     *
     * @return to be registered in a static field
     */
    public static RedisServerExtension embedded() {
        return new RedisServerExtension(false, false, true);
    }

    /**
     * Lets a server of its own keep its data over a restart; without, a restart loses all.
     *
     * @return this
     */
    public RedisServerExtension durable() {
        durable = true;
        return this;
    }

    /**
     * Where the server is; the same after a restart.
     *
     * @return for example {@code redis://127.0.0.1:34567}
     */
    public String uri() {
        return Objects.requireNonNull(uri, "The Redis of a test exists between beforeAll and afterAll only");
    }

    /**
     * Which server this is, for people.
     *
     * @return for example {@code redis-server 7.0.15 on PATH at 127.0.0.1:34567}
     */
    public String flavour() {
        return Objects.requireNonNull(flavour, "The Redis of a test exists between beforeAll and afterAll only");
    }

    /** Starts the server again after {@link #stop()} or {@link #kill()}, if it does not run. Returns when it answers. */
    public void start() {
        own("started").start();
    }

    /** Ends the server in order. Returns when it has ended. */
    public void stop() {
        own("stopped").stop();
    }

    /** Ends the server at once, as a crash does. Returns when it has ended. */
    public void kill() {
        own("killed").send(Signal.KILL);
    }

    /** Lets the server stand still; connections stay open and nothing is answered. */
    public void pause() {
        own("paused").send(Signal.STOP);
    }

    /** Lets a paused server go on. */
    public void resume() {
        own("resumed").send(Signal.CONT);
    }

    /** Stops and starts the server. */
    public void restart() {
        stop();
        start();
    }

    @Override
    @SuppressWarnings("SystemOut") // which server it was belongs to the result of the test
    public void beforeAll(ExtensionContext context) throws IOException {
        // Nested classes inherit the extension, and JUnit calls it for each of them.
        if (depth++ > 0) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        if (!(mayBeShared && (isNamed(reasons) || isContainer(reasons))) && !isProcess(reasons)) {
            throw Unavailable.because("Redis", reasons);
        }
        System.out.println(context.getDisplayName() + " runs on " + flavour());
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (--depth > 0) {
            return;
        }
        if (process != null) {
            process.close();
        }
        if (container != null) {
            container.close();
        }
    }

    private boolean isNamed(List<String> reasons) {
        NamedServer.in(URL_VARIABLE, reasons).ifPresent(named -> {
            uri = named;
            flavour = "Redis named by " + URL_VARIABLE;
        });
        return uri != null;
    }

    private boolean isContainer(List<String> reasons) {
        ContainerEngine.start(IMAGE, PORT_IN_CONTAINER, reasons).ifPresent(started -> {
            container = started.container();
            uri = "redis://" + started.address();
            flavour = "container of " + IMAGE + " at " + started.address();
        });
        return uri != null;
    }

    private boolean isProcess(List<String> reasons) throws IOException {
        Optional<RedisBinary> binary = (mayBeOnPath ? RedisBinary.onPath(reasons) : Optional.<RedisBinary>empty())
                .or(() -> mayBeEmbedded ? RedisBinary.embedded(reasons) : Optional.empty());
        if (binary.isEmpty()) {
            return false;
        }
        RedisProcess started = new RedisProcess(
                binary.get().file(), ServerDirectory.freePort(), durable ? List.of("--appendonly", "yes") : List.of());
        process = started;
        started.start();
        uri = "redis://127.0.0.1:" + started.port();
        flavour = "redis-server %s %s at 127.0.0.1:%d"
                .formatted(binary.get().version(), binary.get().from(), started.port());
        return true;
    }

    private RedisProcess own(String done) {
        return Objects.requireNonNull(
                process, "This Redis is not ours and cannot be " + done + ": register RedisServerExtension.own()");
    }
}
