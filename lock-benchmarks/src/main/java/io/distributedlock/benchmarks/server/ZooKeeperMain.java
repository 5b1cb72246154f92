package io.distributedlock.benchmarks.server;

import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.metrics.impl.NullMetricsProvider;
import org.apache.zookeeper.server.embedded.ExitHandler;
import org.apache.zookeeper.server.embedded.ZooKeeperServerEmbedded;

/** A ZooKeeper server as the only thing in its JVM. */
final class ZooKeeperMain {

    private ZooKeeperMain() {}

    /**
     * Runs until killed.
     *
     * @param arguments directory and port
     */
    public static void main(String... arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Properties configuration = new Properties();
        configuration.setProperty("dataDir", directory.resolve("data").toString());
        configuration.setProperty("clientPortAddress", "127.0.0.1");
        configuration.setProperty("clientPort", arguments[1]);
        configuration.setProperty("tickTime", "2000");
        configuration.setProperty("maxClientCnxns", "0");
        configuration.setProperty("admin.enableServer", "false");
        configuration.setProperty("metricsProvider.className", NullMetricsProvider.class.getName());
        ZooKeeperServerEmbedded server = ZooKeeperServerEmbedded.builder()
                .baseDir(directory)
                .configuration(configuration)
                .exitHandler(ExitHandler.EXIT)
                .build();
        server.start(TimeUnit.SECONDS.toMillis(30));
        new CountDownLatch(1).await();
    }
}
