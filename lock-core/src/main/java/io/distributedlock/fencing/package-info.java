/** The resource's side of fencing: refusing what a holder writes that is not the holder any more. */
@NullMarked
package io.distributedlock.fencing;

import org.jspecify.annotations.NullMarked;
