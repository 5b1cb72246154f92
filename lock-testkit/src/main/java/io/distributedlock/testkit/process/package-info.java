/** Processes that a test starts, stops dead and kills. */
@NullMarked
package io.distributedlock.testkit.process;

import org.jspecify.annotations.NullMarked;
