package io.distributedlock.benchmarks.child;

import io.distributedlock.benchmarks.adapter.Adapters;
import io.distributedlock.benchmarks.adapter.LockClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A JVM that does one thing after the other, as its standard input says, and ends with it. Its arguments are pairs of an
 * adapter and the address of its store: the locks that it can use.
 */
public final class ChildMain {

    private ChildMain() {}

    /**
     * Opens all clients, then obeys.
     *
     * @param arguments adapter, address, adapter, address, …
     * @throws Exception if a client cannot be opened
     */
    @SuppressWarnings("SystemOut") // lines are how it talks
    public static void main(String... arguments) throws Exception {
        Clients clients = new Clients();
        for (int i = 0; i < arguments.length; i += 2) {
            LockClient client = Adapters.named(arguments[i]).open(arguments[i + 1]);
            clients.add(arguments[i], client);
        }
        HeldLocks held = new HeldLocks(clients);
        Map<String, Command> commands = Map.of(
                "slice", new SharedSlice(clients),
                "alone", new SliceAlone(clients),
                "ping-pong", new PingPong(clients),
                "cycle", held::cycle,
                "hold", held::hold,
                "rest", held::rest,
                "release", held::release);
        PrintStream out = System.out;
        out.println("=ready");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> words = List.of(line.split(" "));
                out.println(answer(commands, words.get(0), words.subList(1, words.size())));
                out.flush();
            }
        }
        // Clients of others leave threads behind.
        System.exit(0);
    }

    private static String answer(Map<String, Command> commands, String order, List<String> arguments) {
        Command command = commands.get(order);
        if (command == null) {
            return "!nobody knows how to " + order;
        }
        try {
            return "=" + command.run(arguments);
        } catch (Exception e) {
            return "!" + order + " failed with " + e.toString().replace('\n', ' ');
        }
    }
}
