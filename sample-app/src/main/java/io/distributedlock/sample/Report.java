package io.distributedlock.sample;

import java.math.BigDecimal;
import java.time.Instant;

/** What was earned, as one instance wrote it down. */
record Report(long id, Instant writtenAt, String instance, int payments, BigDecimal revenue) {}
