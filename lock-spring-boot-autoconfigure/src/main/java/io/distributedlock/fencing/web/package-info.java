/** Fencing tokens over HTTP: sent by those who hold a lock, read by services that keep a mark. */
@NullMarked
package io.distributedlock.fencing.web;

import org.jspecify.annotations.NullMarked;
