/** What a store must offer so that locks can live in it. Application code has no business here. */
@NullMarked
package io.distributedlock.spi;

import org.jspecify.annotations.NullMarked;
