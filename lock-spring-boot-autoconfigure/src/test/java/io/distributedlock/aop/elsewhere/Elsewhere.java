package io.distributedlock.aop.elsewhere;

import io.distributedlock.annotation.DistributedLock;

public class Elsewhere {

    @DistributedLock("a")
    void hidden() {}

    public static class Fallbacks {

        private final String field = String.valueOf("elsewhere");

        String visibleHereOnly() {
            return field;
        }
    }
}
