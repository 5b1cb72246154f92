package io.distributedlock.sample.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store that all instances with the same data directory share. The instance that has the directory's lock file runs
 * it, the others join. The operating system frees the file when a process ends, also by {@code kill -9}: then one of the
 * others runs the store on, at the same address and with the same data.
 */
final class SharedStore implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SharedStore.class);
    private static final Duration START_TIME = Duration.ofSeconds(30);

    private final Path directory;
    private final Path notice;
    private final FileChannel lockFile;
    private @Nullable StoreServer server;
    private volatile boolean closed;

    private SharedStore(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory.toAbsolutePath().normalize());
        this.notice = this.directory.resolve("store.properties");
        this.lockFile = FileChannel.open(
                this.directory.resolve("store.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Starts the store, or joins the one that runs. */
    static SharedStore open(Path directory, StoreKind wanted) {
        try {
            SharedStore store = new SharedStore(directory);
            try {
                if (store.isFirst()) {
                    store.start(wanted);
                } else {
                    store.standBy(store.running());
                }
                return store;
            } catch (IOException | RuntimeException e) {
                store.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isStartedHere() {
        return server != null;
    }

    /** Answers as soon as the store does. */
    RunningStore running() throws IOException {
        if (!Await.within(START_TIME, () -> Files.exists(notice) && isAnswering())) {
            throw new IOException(
                    "Another instance of the sample uses %s, but its lock store does not answer; end that one,"
                                    .formatted(directory)
                            + " or set sample.data-directory to another directory");
        }
        return RunningStore.read(notice);
    }

    private boolean isAnswering() {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), RunningStore.read(notice).port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isFirst() throws IOException {
        try {
            return lockFile.tryLock() != null;
        } catch (OverlappingFileLockException sameJvm) {
            return false;
        }
    }

    private void start(StoreKind kind) throws IOException {
        int port = kind.usualPort();
        if (!isFree(port)) {
            port = anyFreePort();
            log.info("Port {} is in use by another program: taking port {}", kind.usualPort(), port);
        }
        Files.deleteIfExists(notice);
        run(kind, port);
    }

    private void run(StoreKind kind, int port) throws IOException {
        server = kind.newServer();
        String product = server.start(Files.createDirectories(directory.resolve(kind.backend())), port);
        new RunningStore(kind, product, port).write(notice);
    }

    private void standBy(RunningStore joined) {
        Thread thread = new Thread(() -> runOn(joined), "store-stand-by");
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits, for as long as it takes, until the instance that runs the store has ended. */
    private void runOn(RunningStore joined) {
        try {
            lockFile.lock(); // and kept: as long as this instance runs the store, everybody else joins it
            // A killed server gives its port back a moment after its instance.
            Await.within(START_TIME, () -> isFree(joined.port()));
            synchronized (this) {
                if (!closed) {
                    run(joined.kind(), joined.port());
                    log.info("The instance that ran {} has ended: this one runs it now", joined.product());
                }
            }
        } catch (OverlappingFileLockException sameJvm) {
            log.debug("The instance that runs the store is in this JVM, and ends with it");
        } catch (IOException e) {
            if (!closed) {
                log.error("Nobody runs {} any more: restart this instance", joined.product(), e);
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static int anyFreePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (server != null) {
            server.close();
        }
        try {
            lockFile.close();
        } catch (IOException e) {
            log.debug("The lock file was not closed; it is when this JVM ends", e);
        }
    }
}
