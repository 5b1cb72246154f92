package io.distributedlock.benchmarks.adapter;

/** Where locks live. */
public enum Store {
    REDIS,
    ZOOKEEPER,
    ETCD
}
