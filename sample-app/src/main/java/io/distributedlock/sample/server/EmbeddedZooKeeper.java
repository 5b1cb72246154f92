package io.distributedlock.sample.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.Version;
import org.apache.zookeeper.metrics.impl.NullMetricsProvider;
import org.apache.zookeeper.server.embedded.ExitHandler;
import org.apache.zookeeper.server.embedded.ZooKeeperServerEmbedded;
import org.jspecify.annotations.Nullable;

/** A ZooKeeper server in this JVM. */
final class EmbeddedZooKeeper implements StoreServer {

    private @Nullable ZooKeeperServerEmbedded server;

    @Override
    public String start(Path directory, int port) throws IOException {
        Properties configuration = new Properties();
        configuration.setProperty("dataDir", directory.resolve("data").toString());
        configuration.setProperty("clientPortAddress", "127.0.0.1");
        configuration.setProperty("clientPort", String.valueOf(port));
        configuration.setProperty("tickTime", "500");
        configuration.setProperty("maxSessionTimeout", "60000");
        configuration.setProperty("admin.enableServer", "false");
        configuration.setProperty("metricsProvider.className", NullMetricsProvider.class.getName());
        try {
            server = ZooKeeperServerEmbedded.builder()
                    .baseDir(directory)
                    .configuration(configuration)
                    .exitHandler(ExitHandler.LOG_ONLY)
                    .build();
            deleteGeneratedConfiguration(directory);
            server.start(TimeUnit.SECONDS.toMillis(30));
        } catch (Exception e) {
            throw new IOException("ZooKeeper did not start on port " + port, e);
        }
        return "ZooKeeper " + Version.getVersion() + " (embedded)";
    }

    /** Each start writes one more, and has read it by now. */
    private static void deleteGeneratedConfiguration(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "zookeeper.configuration*")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
