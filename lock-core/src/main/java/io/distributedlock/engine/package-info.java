/** What is decided once for every store: lease arithmetic, renewal, waiting, re-entrancy, loss and shutdown. */
@NullMarked
package io.distributedlock.engine;

import org.jspecify.annotations.NullMarked;
