/** What applications write on their methods. */
@NullMarked
package io.distributedlock.annotation;

import org.jspecify.annotations.NullMarked;
