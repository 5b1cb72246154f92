package io.distributedlock.benchmarks.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM with the class path of this one. It is asked by lines, and answers by lines
 * that start with {@code =}, or {@code !} when it cannot.
 */
public final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final PrintStream input;
    private final BufferedReader output;
    private final Thread atExit;

    /**
     * Starts it.
     *
     * @param main the class to run
     * @param jvmOptions for the JVM
     * @param arguments for the class
     * @throws IOException if it does not start
     */
    public ChildJvm(Class<?> main, List<String> jvmOptions, String... arguments) throws IOException {
        process = new ProcessBuilder(command(main, jvmOptions, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        atExit = new Thread(process::destroyForcibly, "end-child-" + process.pid());
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static List<String> command(Class<?> main, List<String> jvmOptions, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Netty loads its transport; later JDKs warn of that.
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path", File.pathSeparator));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Asks, without waiting for the answer.
     *
     * @param line without line breaks
     */
    public void say(String line) {
        input.println(line);
    }

    /**
     * Waits for the next answer.
     *
     * @return what it said after the {@code =}
     * @throws IOException if it has ended, or could not do what it was asked for
     */
    public String answer() throws IOException {
        String line = output.readLine();
        while (line != null && !line.startsWith("=") && !line.startsWith("!")) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IOException("A child JVM has ended without an answer");
        }
        if (line.startsWith("!")) {
            throw new IOException("A child JVM said: " + line.substring(1));
        }
        return line.substring(1);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
