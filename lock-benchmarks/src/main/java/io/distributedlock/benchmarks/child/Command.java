package io.distributedlock.benchmarks.child;

import java.util.List;

/** What a child JVM can be asked to do. */
interface Command {

    /**
     * Does it.
     *
     * @param arguments as they were sent
     * @return the answer, without line breaks
     * @throws Exception if it cannot be done
     */
    String run(List<String> arguments) throws Exception;
}
