/**
 * Runs a real lock store beside the sample, so that nothing needs to be installed. No part of an ordinary application:
 * that has its servers, and names them in its configuration.
 */
@NullMarked
package io.distributedlock.sample.server;

import org.jspecify.annotations.NullMarked;
