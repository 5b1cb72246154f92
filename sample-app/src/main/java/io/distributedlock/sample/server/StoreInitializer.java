package io.distributedlock.sample.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Runs the store before any bean is made, and ends it after the last is gone: the locks are given back to a server that
 * still answers. Does nothing when the configuration names a server, or wants locks in memory.
 */
public final class StoreInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Logger log = LoggerFactory.getLogger(StoreInitializer.class);

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        // H2 would serve its file on all interfaces, and name itself by a host name that need not resolve.
        System.setProperty("h2.bindAddress", "127.0.0.1");
        ConfigurableEnvironment environment = context.getEnvironment();
        String backend = environment.getRequiredProperty("lock.backend");
        Optional<StoreKind> kind = Arrays.stream(StoreKind.values())
                .filter(known -> known.backend().equals(backend))
                .findFirst();
        if (kind.isEmpty()) {
            log.info("Locks live in the backend '{}': the sample runs no server for it", backend);
        } else if (environment.containsProperty(kind.get().addressKey())) {
            // Not the address itself: it may have a password in it.
            log.info(
                    "Locks live in {}, at the address of {}",
                    backend,
                    kind.get().addressKey());
        } else {
            Path directory = Path.of(environment.getRequiredProperty("sample.data-directory"));
            share(SharedStore.open(directory, kind.get()), context);
        }
    }

    private static void share(SharedStore store, ConfigurableApplicationContext context) {
        // What is registered first is destroyed last.
        ((DefaultListableBeanFactory) context.getBeanFactory()).registerDisposableBean("sharedStore", store::close);
        RunningStore running = running(store);
        String address = running.kind().address(running.port());
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "sharedStore",
                        Map.of(
                                "lock.backend",
                                running.kind().backend(),
                                running.kind().addressKey(),
                                address)));
        log.info(
                "Locks live in {} at 127.0.0.1:{}, started by {}",
                running.product(),
                running.port(),
                store.isStartedHere() ? "this instance" : "another instance");
    }

    private static RunningStore running(SharedStore store) {
        try {
            return store.running();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
