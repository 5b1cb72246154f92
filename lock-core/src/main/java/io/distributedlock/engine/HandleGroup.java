package io.distributedlock.engine;

import io.distributedlock.Lease;
import io.distributedlock.LeaseGroup;
import java.util.List;

/** Leases taken together. */
record HandleGroup(List<Lease> leases) implements LeaseGroup {

    static HandleGroup of(List<LeaseHandle> handles) {
        if (handles.size() > 1) {
            handles.forEach(LeaseHandle::markGrouped);
        }
        return new HandleGroup(List.copyOf(handles));
    }

    /** Of those that cannot be had together: the last taken first, and no transaction keeps them. */
    static void giveBack(List<LeaseHandle> taken) {
        for (int i = taken.size() - 1; i >= 0; i--) {
            taken.get(i).release();
        }
    }

    @Override
    public void close() {
        for (int i = leases.size() - 1; i >= 0; i--) {
            leases.get(i).close();
        }
    }
}
