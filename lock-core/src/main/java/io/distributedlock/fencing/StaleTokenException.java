package io.distributedlock.fencing;

import io.distributedlock.LockException;

/**
 * A resource was entered with a token that is out of date: somebody else got the lock since. Nothing of what the caller
 * wanted to write may be written; in a transaction, roll back. To do the work all the same, get the lock again and begin
 * with reading.
 */
public final class StaleTokenException extends LockException {

    private static final long serialVersionUID = 1L;

    private final String resource;
    private final long token;

    /**
     * Made by fences.
     *
     * @param resource what was entered
     * @param token what with
     */
    public StaleTokenException(String resource, FencingToken token) {
        super(
                token.lock(),
                "Resource '%s' was entered by a later holder of lock '%s' than the one with fencing token %d: this work is out of date and has to be rolled back"
                        .formatted(resource, token.lock(), token.number()),
                null);
        this.resource = resource;
        this.token = token.number();
    }

    /**
     * What was to be written to.
     *
     * @return as it was given to the fence
     */
    public String resource() {
        return resource;
    }

    /**
     * What it was to be entered with.
     *
     * @return positive
     */
    public long fencingToken() {
        return token;
    }
}
