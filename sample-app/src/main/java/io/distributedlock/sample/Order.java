package io.distributedlock.sample;

import java.math.BigDecimal;

/**
 * An order.
 *
 * @param paid the done-marker: a lock keeps two calls apart, but only this tells the second that there is nothing to do
 * @param payments how often the customer was charged; more than once is the accident this application must not have
 */
record Order(long id, String customer, BigDecimal total, boolean paid, int payments) {}
