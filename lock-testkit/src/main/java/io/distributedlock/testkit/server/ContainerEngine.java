package io.distributedlock.testkit.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** Servers in containers, when Testcontainers is on the class path and a container engine answers. */
final class ContainerEngine {

    private ContainerEngine() {}

    /**
     * A server in a container. Its type names nothing of Testcontainers, which may not be there: JUnit looks at all methods
     * of an extension.
     *
     * @param address host and port
     * @param container to be closed
     */
    record Server(String address, AutoCloseable container) {}

    static Optional<Server> start(String image, int port, List<String> reasons) {
        return start(image, port, Map.of(), reasons);
    }

    static Optional<Server> start(String image, int port, Map<String, String> environment, List<String> reasons) {
        if (!answers()) {
            reasons.add("no container engine answers");
            return Optional.empty();
        }
        try {
            GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                    .withExposedPorts(port)
                    .withEnv(environment);
            container.start();
            return Optional.of(new Server(container.getHost() + ":" + container.getMappedPort(port), container));
        } catch (NoClassDefFoundError e) {
            reasons.add("Testcontainers is not on the class path");
        } catch (RuntimeException e) {
            reasons.add("a container of " + image + " did not start: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** Asked before Testcontainers is: without an engine it tries for seconds and logs errors. */
    private static boolean answers() {
        return sockets().anyMatch(ContainerEngine::accepts);
    }

    private static Stream<Path> sockets() {
        String host = Objects.requireNonNullElse(System.getenv("DOCKER_HOST"), "");
        if (host.startsWith("unix://")) {
            return Stream.of(Path.of(host.substring("unix://".length())));
        }
        String runtimeDir = Objects.requireNonNullElse(System.getenv("XDG_RUNTIME_DIR"), "/run");
        return Stream.of(
                Path.of("/var/run/docker.sock"),
                Path.of(runtimeDir, "docker.sock"),
                Path.of(System.getProperty("user.home", "/"), ".docker", "run", "docker.sock"));
    }

    private static boolean accepts(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
