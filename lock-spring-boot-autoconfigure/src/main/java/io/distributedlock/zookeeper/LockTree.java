package io.distributedlock.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;

/** Where a lock lives: {@code /<root>/<namespace>/<lock>/<holder>#<place>}. No two locks share a path. */
final class LockTree {

    private final String base;

    LockTree(String root, String namespace) {
        base = (root.equals("/") ? "" : root) + "/" + encode(namespace);
    }

    /** The node that the locks are children of. */
    String base() {
        return base;
    }

    /** The node that a lock's claims are children of. */
    String lock(String name) {
        return base + "/" + encode(name);
    }

    /** The nodes above a lock, the uppermost first. */
    List<String> parents() {
        List<String> parents = new ArrayList<>();
        for (int end = base.indexOf('/', 1); end > 0; end = base.indexOf('/', end + 1)) {
            parents.add(base.substring(0, end));
        }
        parents.add(base);
        return parents;
    }

    /** ZooKeeper cannot have slashes, control characters and the names '.' and '..' in a path. */
    static String encode(String name) {
        if (isPlain(name)) {
            return name;
        }
        String encoded = URLEncoder.encode(name, UTF_8).replace("%3A", ":");
        return encoded.equals(".") || encoded.equals("..") ? encoded.replace(".", "%2E") : encoded;
    }

    /** Nearly all names are; saying so is cheaper than encoding them. */
    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && c != '-' && c != '_' && c != ':') {
                return false;
            }
        }
        return true;
    }
}
