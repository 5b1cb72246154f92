package io.distributedlock.sample;

import java.math.BigDecimal;

/**
 * What a customer gets for paying.
 *
 * @param charged whether this very call charged the customer; {@code false} when the order was paid already
 */
record Receipt(long order, BigDecimal total, boolean charged, String instance) {}
