/** Puts locks into a Spring Boot application. Wiring only: nobody imports it. */
@NullMarked
package io.distributedlock.autoconfigure;

import org.jspecify.annotations.NullMarked;
