package io.distributedlock.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
                Socket client = door.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                server.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                opened.add(client);
                opened.add(server);
                Daemon.start("proxy-requests", () -> copy(client, server));
                Daemon.start("proxy-answers", () -> copyLate(server, client));
            }
        } catch (IOException e) {
            // The door was closed.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has gone.
        }
    }

    private void copyLate(Socket from, Socket to) {
        ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
        opened.add(writer::shutdownNow);
        try (from) {
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
