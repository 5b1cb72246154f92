/** Shows locks through Spring Boot's health and endpoints. */
@NullMarked
package io.distributedlock.actuate;

import org.jspecify.annotations.NullMarked;
