package io.distributedlock.autoconfigure.app;

/** Mapped by orm.xml: no annotation tells that it belongs to JPA. */
public class Parcel {

    private long id;

    public long getId() {
        return id;
    }
}
