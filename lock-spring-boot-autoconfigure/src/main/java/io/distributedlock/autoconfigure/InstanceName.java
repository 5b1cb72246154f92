package io.distributedlock.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What tells this instance from others of the same application, for people. */
final class InstanceName {

    private InstanceName() {}

    static String ofThisJvm() {
        return host() + ":" + ProcessHandle.current().pid();
    }

    /** From the environment where it is there: asking the resolver can take seconds. */
    private static String host() {
        String host = System.getenv("HOSTNAME");
        if (host != null && !host.isBlank()) {
            return host;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
