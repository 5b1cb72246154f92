package io.distributedlock.sample.server;

import java.io.IOException;
import java.nio.file.Path;

/** A lock store that lives as long as this JVM, at the longest. */
interface StoreServer extends AutoCloseable {

    /**
     * Starts it, and returns when it answers.
     *
     * @param directory where it keeps its data: what an earlier server there knew, this one knows again
     * @param port on 127.0.0.1
     * @return what runs now, for people
     * @throws IOException if it does not run
     */
    String start(Path directory, int port) throws IOException;

    @Override
    void close();
}
