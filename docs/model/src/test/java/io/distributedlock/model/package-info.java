/** Asks a model checker whether the protocols are right, and whether it would notice if they were not. */
@NullMarked
package io.distributedlock.model;

import org.jspecify.annotations.NullMarked;
