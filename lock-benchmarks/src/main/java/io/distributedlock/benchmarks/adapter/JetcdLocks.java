package io.distributedlock.benchmarks.adapter;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The lock service of etcd. Each thread has a lease of its own: two claims of one lease are one claim there. */
final class JetcdLocks implements LockClient {

    private static final long LEASE_SECONDS = 15;

    private final Client client;

    JetcdLocks(String address) {
        client = Client.builder().endpoints("http://" + address).build();
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public Mutex mutex(String name) {
        long lease;
        try {
            lease = client.getLeaseClient()
                    .grant(LEASE_SECONDS)
                    .get(10, TimeUnit.SECONDS)
                    .getID();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("etcd grants no lease", e);
        }
        client.getLeaseClient().keepAlive(lease, new Silence());
        ByteSequence key = bytes(name);
        return new Mutex() {
            private @Nullable ByteSequence taken;

            @Override
            public long acquire() throws Exception {
                taken = client.getLockClient()
                        .lock(key, lease)
                        .get(60, TimeUnit.SECONDS)
                        .getKey();
                return NO_TOKEN;
            }

            @Override
            public void release() throws Exception {
                client.getLockClient().unlock(Objects.requireNonNull(taken)).get(60, TimeUnit.SECONDS);
            }
        };
    }

    @Override
    public void close() {
        client.close();
    }

    private static final class Silence implements StreamObserver<LeaseKeepAliveResponse> {

        @Override
        public void onNext(LeaseKeepAliveResponse response) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
