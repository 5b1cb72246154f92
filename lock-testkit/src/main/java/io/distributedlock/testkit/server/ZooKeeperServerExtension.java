package io.distributedlock.testkit.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real ZooKeeper for the tests of a class:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ZooKeeperServerExtension zooKeeper = ZooKeeperServerExtension.any();
 * }</pre>
 *
 * <p>{@link #any()} takes the first that is there: the servers named by the environment variable
 * {@value #CONNECT_VARIABLE}, a container, a server in this JVM by curator-test. With none, the tests are skipped with a
 * printed reason, and fail when the environment has {@code CI=true}. Tests that stop or restart the server ask for their
 * {@link #own()}.
 */
public final class ZooKeeperServerExtension implements BeforeAllCallback, AfterAllCallback {

    /** Names servers that are there already, for example {@code 127.0.0.1:2181}. */
    public static final String CONNECT_VARIABLE = "LOCK_TEST_ZOOKEEPER_CONNECT";

    /** Short enough for sessions of a second. */
    static final Map<String, Object> CONFIGURATION =
            Map.of("tickTime", "200", "minSessionTimeout", "400", "maxSessionTimeout", "60000");

    private static final String IMAGE = "zookeeper:3.9";
    private static final int PORT_IN_CONTAINER = 2181;

    private final boolean mayBeShared;
    private int depth;
    private @Nullable String connectString;
    private @Nullable String flavour;
    private @Nullable TestingServer server;
    private @Nullable AutoCloseable container;

    private ZooKeeperServerExtension(boolean mayBeShared) {
        this.mayBeShared = mayBeShared;
    }

    /**
     * Any real server, which may be shared with others and cannot be restarted.
     *
     * @return to be registered in a static field
     */
    public static ZooKeeperServerExtension any() {
        return new ZooKeeperServerExtension(true);
    }

    /**
     * A server of its own in this JVM that can be stopped and started; it keeps its data.
     *
     * @return to be registered in a static field
     */
    public static ZooKeeperServerExtension own() {
        return new ZooKeeperServerExtension(false);
    }

    /**
     * Where the server is; the same after a restart.
     *
     * @return for example {@code 127.0.0.1:34567}
     */
    public String connectString() {
        return Objects.requireNonNull(
                connectString, "The ZooKeeper of a test exists between beforeAll and afterAll only");
    }

    /**
     * Which server this is, for people.
     *
     * @return for example {@code ZooKeeper 3.9.5 in this JVM at 127.0.0.1:34567}
     */
    public String flavour() {
        return Objects.requireNonNull(flavour, "The ZooKeeper of a test exists between beforeAll and afterAll only");
    }

    /**
     * Starts the server again after {@link #stop()}, with the data it had.
     *
     * @throws Exception if it does not start
     */
    public void start() throws Exception {
        own("started").restart();
    }

    /**
     * Ends the server; sessions go on to count when it is back.
     *
     * @throws Exception if it does not stop
     */
    public void stop() throws Exception {
        own("stopped").stop();
    }

    /**
     * Stops and starts the server.
     *
     * @throws Exception if it does not
     */
    public void restart() throws Exception {
        own("restarted").restart();
    }

    @Override
    @SuppressWarnings("SystemOut") // which server it was belongs to the result of the test
    public void beforeAll(ExtensionContext context) throws Exception {
        // Nested classes inherit the extension, and JUnit calls it for each of them.
        if (depth++ > 0) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        if (!(mayBeShared && (isNamed(reasons) || isContainer(reasons))) && !isInThisJvm(reasons)) {
            throw Unavailable.because("ZooKeeper", reasons);
        }
        System.out.println(context.getDisplayName() + " runs on " + flavour());
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (--depth > 0) {
            return;
        }
        if (server != null) {
            server.close();
        }
        if (container != null) {
            container.close();
        }
    }

    private boolean isNamed(List<String> reasons) {
        NamedServer.in(CONNECT_VARIABLE, reasons).ifPresent(named -> {
            connectString = named;
            flavour = "ZooKeeper named by " + CONNECT_VARIABLE;
        });
        return connectString != null;
    }

    private boolean isContainer(List<String> reasons) {
        ContainerEngine.start(IMAGE, PORT_IN_CONTAINER, reasons).ifPresent(started -> {
            container = started.container();
            connectString = started.address();
            flavour = "container of " + IMAGE + " at " + connectString;
        });
        return connectString != null;
    }

    private boolean isInThisJvm(List<String> reasons) throws Exception {
        try {
            TestingServer started = new TestingServer(
                    new InstanceSpec(null, 0, -1, -1, true, -1, -1, -1, onLoopback(), "127.0.0.1"), true);
            server = started;
            connectString = "127.0.0.1:" + started.getPort();
            flavour = "ZooKeeper in this JVM at " + connectString;
            return true;
        } catch (NoClassDefFoundError e) {
            reasons.add("curator-test is not on the class path");
            return false;
        }
    }

    private static Map<String, Object> onLoopback() {
        Map<String, Object> properties = new HashMap<>(CONFIGURATION);
        properties.put("clientPortAddress", "127.0.0.1");
        return properties;
    }

    private TestingServer own(String done) {
        return Objects.requireNonNull(
                server,
                "This ZooKeeper is not ours and cannot be " + done + ": register ZooKeeperServerExtension.own()");
    }
}
