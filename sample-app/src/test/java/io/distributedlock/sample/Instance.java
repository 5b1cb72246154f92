package io.distributedlock.sample;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** An instance of the shop in this JVM, on a port of its own. */
record Instance(ConfigurableApplicationContext context) implements AutoCloseable {

    static Instance start(Path data, String... properties) {
        List<String> arguments = arguments(data, properties);
        arguments.add("--server.port=0");
        return new Instance(new SpringApplicationBuilder(SampleApplication.class)
                .registerShutdownHook(false)
                .run(arguments.toArray(String[]::new)));
    }

    static List<String> arguments(Path data, String... properties) {
        List<String> arguments = new ArrayList<>(List.of("--sample.data-directory=" + data));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        return arguments;
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
