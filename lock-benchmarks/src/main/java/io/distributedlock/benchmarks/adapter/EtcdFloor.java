package io.distributedlock.benchmarks.adapter;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import java.util.concurrent.TimeUnit;

/** The least that a lock in etcd can do: put what is not there yet, and delete it. */
final class EtcdFloor implements LockClient {

    private final Client client;

    EtcdFloor(String address) {
        client = Client.builder().endpoints("http://" + address).build();
    }

    @Override
    public Mutex mutex(String name) {
        KV store = client.getKVClient();
        ByteSequence key = JetcdLocks.bytes(name);
        return new Mutex() {
            @Override
            public long acquire() throws Exception {
                boolean put = store.txn()
                        .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.version(0)))
                        .Then(Op.put(key, key, PutOption.DEFAULT))
                        .commit()
                        .get(60, TimeUnit.SECONDS)
                        .isSucceeded();
                if (!put) {
                    throw new IllegalStateException("The floor does not wait, but " + name + " is taken");
                }
                return NO_TOKEN;
            }

            @Override
            public void release() throws Exception {
                store.delete(key).get(60, TimeUnit.SECONDS);
            }
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
