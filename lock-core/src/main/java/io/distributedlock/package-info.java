/** What applications touch: take a lock by name, hold a lease, give it back. */
@NullMarked
package io.distributedlock;

import org.jspecify.annotations.NullMarked;
