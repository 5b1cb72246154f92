/** Shows locks to Micrometer. */
@NullMarked
package io.distributedlock.observe;

import org.jspecify.annotations.NullMarked;
