/** An application with JPA, whose entity is mapped by orm.xml. */
@NullMarked
package io.distributedlock.autoconfigure.app;

import org.jspecify.annotations.NullMarked;
