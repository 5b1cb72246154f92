package io.distributedlock.zookeeper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** A line to a server that can be slow, lose answers and break. */
final class TcpProxy implements AutoCloseable {

    private record Chunk(ByteBuffer bytes, long dueNanos) {}

    private final int target;
    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile long delayNanos;
    private volatile boolean losing;
    private volatile boolean broken;

    TcpProxy(int target) throws IOException {
        this.target = target;
        entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    String address() {
        return "127.0.0.1:" + entrance.getLocalPort();
    }

    void delayAnswers(Duration delay) {
        delayNanos = delay.toNanos();
    }

    /** From now on requests arrive, but no answer comes back. */
    void loseAnswers() {
        losing = true;
    }

    /** Breaks all connections; new ones work again. */
    void cut() {
        losing = false;
        sockets.forEach(TcpProxy::closeQuietly);
        sockets.clear();
    }

    /** Breaks all connections; new ones break at once. */
    void breakDown() {
        broken = true;
        cut();
    }

    /** New connections work again. */
    void mend() {
        broken = false;
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        cut();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = entrance.accept();
            if (broken) {
                client.close();
                continue;
            }
            try {
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                BlockingQueue<Chunk> answers = new LinkedBlockingQueue<>();
                run(() -> requests(client, server));
                run(() -> readAnswers(server, answers));
                run(() -> writeAnswers(client, answers));
            } catch (IOException e) {
                client.close();
            }
        }
    }

    private static void requests(Socket client, Socket server) throws IOException {
        try (client;
                server) {
            client.getInputStream().transferTo(server.getOutputStream());
        }
    }

    private void readAnswers(Socket server, BlockingQueue<Chunk> answers) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        InputStream in = server.getInputStream();
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                answers.add(new Chunk(ByteBuffer.wrap(Arrays.copyOf(buffer, read)), System.nanoTime() + delayNanos));
            }
        } finally {
            answers.add(new Chunk(ByteBuffer.allocate(0), System.nanoTime()));
        }
    }

    private void writeAnswers(Socket client, BlockingQueue<Chunk> answers) throws IOException, InterruptedException {
        try (client) {
            OutputStream out = client.getOutputStream();
            for (Chunk chunk = answers.take(); chunk.bytes().hasRemaining(); chunk = answers.take()) {
                for (long left = left(chunk); left > 0; left = left(chunk)) {
                    LockSupport.parkNanos(left);
                }
                if (!losing) {
                    out.write(chunk.bytes().array());
                    out.flush();
                }
            }
        }
    }

    private static long left(Chunk chunk) {
        return chunk.dueNanos() - System.nanoTime();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private static void run(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // Broken lines are this class's business.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }
}
