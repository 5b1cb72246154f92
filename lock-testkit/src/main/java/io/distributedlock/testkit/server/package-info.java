/** Real servers for tests, started where they are found, ended when the tests are over. */
@NullMarked
package io.distributedlock.testkit.server;

import org.jspecify.annotations.NullMarked;
