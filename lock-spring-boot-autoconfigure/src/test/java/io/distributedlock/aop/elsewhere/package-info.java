/** A package that is not that of the beans which extend its classes. */
@NullMarked
package io.distributedlock.aop.elsewhere;

import org.jspecify.annotations.NullMarked;
