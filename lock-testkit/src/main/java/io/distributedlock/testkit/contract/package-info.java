/** The contract that every backend keeps, as JUnit classes to extend. */
@NullMarked
package io.distributedlock.testkit.contract;

import org.jspecify.annotations.NullMarked;
