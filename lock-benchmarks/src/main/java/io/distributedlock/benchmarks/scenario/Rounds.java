package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.measure.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Lets everybody run for a short time in each round, each round beginning with another one: what the machine does
 * besides hits all of them alike.
 */
final class Rounds {

    /** For most scenarios with clients in this JVM. */
    static final int WARM_UPS = 2;

    private final Map<String, List<Slice>> slices = new LinkedHashMap<>();

    private final int warmUps;

    private Rounds(int warmUps) {
        this.warmUps = warmUps;
    }

    /** The first rounds, beyond those that were asked for, warm up. */
    static Rounds run(int warmUps, int rounds, List<Turn> turns, Consumer<String> progress) throws Exception {
        Rounds result = new Rounds(warmUps);
        turns.forEach(turn -> result.slices.put(turn.name(), new ArrayList<>()));
        for (int round = 1 - warmUps; round <= rounds; round++) {
            StringBuilder line = new StringBuilder(round <= 0 ? "  warm-up:" : "  round " + round + ":");
            for (int i = 0; i < turns.size(); i++) {
                Turn turn = turns.get((i + round + warmUps - 1) % turns.size());
                Slice slice = turn.slice().call();
                result.all(turn.name()).add(slice);
                line.append(" %s %.0f".formatted(turn.name(), slice.perSecond()));
            }
            progress.accept(line.toString());
        }
        return result;
    }

    List<String> names() {
        return List.copyOf(slices.keySet());
    }

    /** In the order of the rounds, without the warm-up. */
    List<Slice> measured(String name) {
        List<Slice> all = all(name);
        return all.subList(warmUps, all.size());
    }

    /** Also of the warm-up: a lock must hold then, too. */
    long violations(String name) {
        return all(name).stream().mapToLong(Slice::violations).sum();
    }

    String remark(String name) {
        return all(name).stream()
                .map(Slice::remark)
                .filter(remark -> !remark.isEmpty())
                .findFirst()
                .orElse("");
    }

    private List<Slice> all(String name) {
        return Objects.requireNonNull(slices.get(name), name);
    }
}
