package io.distributedlock.spi;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A release, and the claim that follows right behind it.
 *
 * @param released as {@link LockBackend#release} answers
 * @param acquired as {@link LockBackend#acquire} answers
 */
public record Succession(CompletableFuture<Boolean> released, CompletableFuture<Optional<LockGrant>> acquired) {}
