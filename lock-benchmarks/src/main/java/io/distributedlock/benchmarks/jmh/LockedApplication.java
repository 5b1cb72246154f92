package io.distributedlock.benchmarks.jmh;

import io.distributedlock.annotation.DistributedLock;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application with one method to lock. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class LockedApplication {

    /** The bean whose method is locked. */
    @Bean
    public Counter counter() {
        return new Counter();
    }

    /** Counts. */
    public static class Counter {

        private long count;

        /** One more. */
        @DistributedLock("counter:#{#id}")
        public long increment(long id) {
            count += id;
            return count;
        }
    }
}
