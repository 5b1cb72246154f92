package io.distributedlock.sample;

/** Nothing is left to reserve. */
class SoldOutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SoldOutException(String sku) {
        super("No " + sku + " is left");
    }
}
