package io.distributedlock.testkit.server;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs that are installed on this machine. */
final class Programs {

    private Programs() {}

    /** The directories of the PATH. */
    static Stream<Path> directories() {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.of(path.split(File.pathSeparator))
                .filter(directory -> !directory.isBlank())
                .map(Path::of);
    }

    /** For people. The pattern has the version as its first group; without it, this is all that the program says. */
    static String version(Path program, Pattern pattern) throws IOException {
        String text = output(program.toString(), "--version");
        Matcher version = pattern.matcher(text);
        return version.find() ? version.group(1) : text;
    }

    static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
