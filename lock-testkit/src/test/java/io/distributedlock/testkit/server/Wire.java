package io.distributedlock.testkit.server;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Says one line to a server and reads what it answers. */
final class Wire {

    private Wire() {}

    /** The first bytes of the answer, or what went wrong. */
    static String ask(String address, String request) {
        URI uri = URI.create(address.contains("://") ? address : "tcp://" + address);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = new byte[4_096];
            int length = socket.getInputStream().read(answer);
            return new String(answer, 0, Math.max(0, length), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
