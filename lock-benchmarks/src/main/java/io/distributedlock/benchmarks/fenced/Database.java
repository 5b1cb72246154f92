package io.distributedlock.benchmarks.fenced;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Locale;

/** Databases that are brought along. */
public enum Database {

    /** In the memory of this JVM. */
    H2 {
        @Override
        Running start() {
            return new Running("jdbc:h2:mem:fenced;DB_CLOSE_DELAY=-1", () -> {});
        }
    },

    /** In a process of its own. It does not wait for the disk: that would be most of the time, and the same for all. */
    POSTGRESQL {
        @Override
        Running start() throws IOException {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("fsync", "off")
                    .start();
            return new Running(server.getJdbcUrl("postgres", "postgres"), server);
        }
    };

    /** Where it is, and what ends it. */
    record Running(String url, AutoCloseable server) {}

    abstract Running start() throws IOException;

    /** The script that makes the table of the marks, on the class path. */
    String schema() {
        return "io/distributedlock/fencing/jdbc/schema-%s.sql".formatted(name().toLowerCase(Locale.ROOT));
    }
}
