package io.distributedlock.benchmarks;

import java.io.PrintStream;

/** What a run says while it runs. */
final class Console {

    @SuppressWarnings("SystemOut") // a command says what it does
    private static final PrintStream OUT = System.out;

    private Console() {}

    static void say(String line) {
        OUT.println(line);
        OUT.flush();
    }
}
