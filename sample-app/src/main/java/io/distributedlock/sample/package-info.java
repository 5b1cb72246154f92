/** An application that locks, as a user would write it. */
@NullMarked
package io.distributedlock.sample;

import org.jspecify.annotations.NullMarked;
