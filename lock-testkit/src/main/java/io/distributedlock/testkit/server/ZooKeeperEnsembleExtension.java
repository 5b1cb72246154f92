package io.distributedlock.testkit.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Several ZooKeeper servers in this JVM that vote with each other, each of which can be ended. */
public final class ZooKeeperEnsembleExtension implements BeforeAllCallback, AfterAllCallback {

    private final int members;
    private int depth;
    private @Nullable TestingCluster cluster;

    /**
     * Makes an ensemble, to be registered in a static field.
     *
     * @param members how many; three survive the loss of one
     */
    public ZooKeeperEnsembleExtension(int members) {
        this.members = members;
    }

    /**
     * Where the servers are.
     *
     * @return all of them, with commas
     */
    public String connectString() {
        return running().getConnectString();
    }

    /**
     * Where one server is.
     *
     * @param member its number, from 0
     * @return for example {@code 127.0.0.1:34567}
     */
    public String connectString(int member) {
        return "127.0.0.1:" + spec(member).getPort();
    }

    /**
     * Which servers these are, for people.
     *
     * @return one line
     */
    public String flavour() {
        return "ZooKeeper ensemble of " + members + " in this JVM at " + connectString();
    }

    /**
     * Ends one server.
     *
     * @param member its number, from 0
     * @throws Exception if that fails
     */
    public void kill(int member) throws Exception {
        running().killServer(spec(member));
    }

    /**
     * Starts one server again.
     *
     * @param member its number, from 0
     * @throws Exception if that fails
     */
    public void start(int member) throws Exception {
        running().restartServer(spec(member));
    }

    @Override
    @SuppressWarnings("SystemOut") // which server it was belongs to the result of the test
    public void beforeAll(ExtensionContext context) throws Exception {
        // Nested classes inherit the extension, and JUnit calls it for each of them.
        if (depth++ > 0) {
            return;
        }
        try {
            List<InstanceSpec> specs = new ArrayList<>();
            for (int i = 0; i < members; i++) {
                specs.add(new InstanceSpec(
                        null, -1, -1, -1, true, -1, -1, -1, ZooKeeperServerExtension.CONFIGURATION, "127.0.0.1"));
            }
            cluster = new TestingCluster(specs);
        } catch (NoClassDefFoundError e) {
            throw Unavailable.because("ZooKeeper ensemble", List.of("curator-test is not on the class path"));
        }
        running().start();
        System.out.println(context.getDisplayName() + " runs on " + flavour());
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (--depth > 0) {
            return;
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private TestingCluster running() {
        return Objects.requireNonNull(cluster, "The ensemble of a test exists between beforeAll and afterAll only");
    }

    private InstanceSpec spec(int member) {
        return List.copyOf(running().getInstances()).get(member);
    }
}
