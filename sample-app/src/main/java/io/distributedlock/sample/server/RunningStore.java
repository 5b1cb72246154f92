package io.distributedlock.sample.server;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/**
 * Which store runs where, as the instance that runs it tells the others by a file.
 *
 * @param product for people, like {@code ZooKeeper 3.9.5 (embedded)}
 */
record RunningStore(StoreKind kind, String product, int port) {

    static RunningStore read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return new RunningStore(
                StoreKind.valueOf(properties.getProperty("kind")),
                properties.getProperty("product"),
                Integer.parseInt(properties.getProperty("port")));
    }

    void write(Path file) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("kind", kind.name());
        properties.setProperty("product", product);
        properties.setProperty("port", String.valueOf(port));
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        try (Writer writer = Files.newBufferedWriter(whole)) {
            properties.store(writer, null);
        }
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
