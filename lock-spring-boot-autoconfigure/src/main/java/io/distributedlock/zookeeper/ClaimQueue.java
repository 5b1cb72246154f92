package io.distributedlock.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The claims of one lock in the order of their creation; the first has the lock.
 *
 * <p>The order is that of the numbers ZooKeeper appends. They start again when the lock's node was removed, but then no
 * claim is left to compare with. They stand still at 2^31 − 1, so {@link Place#isBeyondOrder()} tells a claim that must
 * not be believed.
 */
final class ClaimQueue {

    private static final char SEPARATOR = '#';

    private final List<Place> places;

    ClaimQueue(List<String> children) {
        places = new ArrayList<>(children.size());
        for (String child : children) {
            Place place = place(child);
            if (place != null) {
                places.add(place);
            }
        }
        places.sort(Comparator.comparingLong(Place::number));
    }

    /** What the node names of a holder start with; ZooKeeper appends the number. */
    static String prefix(String holder) {
        return LockTree.encode(holder) + SEPARATOR;
    }

    int size() {
        return places.size();
    }

    @Nullable
    Place first() {
        return places.isEmpty() ? null : places.get(0);
    }

    /** All nodes of a holder: more than one when the client sent a request again. */
    List<Place> of(String holder) {
        List<Place> found = new ArrayList<>();
        for (Place place : places) {
            if (place.holder().equals(holder)) {
                found.add(place);
            }
        }
        return found;
    }

    boolean has(String node) {
        for (Place place : places) {
            if (place.node().equals(node)) {
                return true;
            }
        }
        return false;
    }

    List<Place> ahead(Place place) {
        return places.subList(0, places.indexOf(place));
    }

    /** Foreign nodes are no claims. */
    private static @Nullable Place place(String node) {
        int separator = node.lastIndexOf(SEPARATOR);
        if (separator < 1) {
            return null;
        }
        try {
            return new Place(
                    node,
                    URLDecoder.decode(node.substring(0, separator), UTF_8),
                    Long.parseLong(node.substring(separator + 1)));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    record Place(String node, String holder, long number) {

        boolean isBeyondOrder() {
            return number < 0 || number >= Integer.MAX_VALUE;
        }
    }
}
