/** What happens within one process, measured by JMH. */
@NullMarked
package io.distributedlock.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
