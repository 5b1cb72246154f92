package io.distributedlock.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Stands between a client and a server, and lets the server's answers wait. */
final class SlowProxy implements AutoCloseable {

    private final ServerSocket door;
    private final int serverPort;
    private final Queue<AutoCloseable> opened = new ConcurrentLinkedQueue<>();
    private volatile long delayNanos;

    SlowProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Daemon.start("proxy-door", this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    void delay(Duration delay) {
        delayNanos = delay.toNanos();
    }

    private void accept() {
        try {
            while (!door.isClosed()) {
                join(door.accept());
            }
        } catch (IOException e) {
            // The door was closed.
        }
    }

    private void join(Socket client) throws IOException {
        opened.add(client);
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        } catch (ConnectException serverIsAway) {
            client.close();
            return;
        }
        opened.add(server);
        server.setTcpNoDelay(true);
        client.setTcpNoDelay(true);
        Daemon.start("proxy-requests", () -> copy(client, server));
        Daemon.start("proxy-answers", () -> copyLate(server, client));
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has gone.
        }
    }

    /** What is late when the server goes away is lost. */
    private void copyLate(Socket from, Socket to) {
        ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
        opened.add(writer::shutdownNow);
        try (from;
                to) {
            InputStream answers = from.getInputStream();
            OutputStream late = to.getOutputStream();
            byte[] buffer = new byte[8192];
            long due = System.nanoTime();
            for (int read = answers.read(buffer); read >= 0; read = answers.read(buffer)) {
                byte[] part = Arrays.copyOf(buffer, read);
                long now = System.nanoTime();
                due = Math.max(due - now, delayNanos) + now;
                writer.schedule(() -> write(late, part), due - now, TimeUnit.NANOSECONDS);
            }
        } catch (IOException e) {
            // One side has gone.
        }
    }

    private static void write(OutputStream late, byte[] part) {
        try {
            late.write(part);
        } catch (IOException e) {
            // The client has gone.
        }
    }

    @Override
    public void close() throws Exception {
        door.close();
        for (AutoCloseable closing : opened) {
            closing.close();
        }
    }
}
