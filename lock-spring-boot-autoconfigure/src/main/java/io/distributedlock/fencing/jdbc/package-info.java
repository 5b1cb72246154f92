/** Fencing in a relational database: the mark is a row, and its lock keeps others out until the transaction ends. */
@NullMarked
package io.distributedlock.fencing.jdbc;

import org.jspecify.annotations.NullMarked;
