/** Tools for tests around locks: a checker of histories, a backend with faults, time in the hand of a test. */
@NullMarked
package io.distributedlock.testkit;

import org.jspecify.annotations.NullMarked;
