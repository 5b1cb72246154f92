package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.fenced.Database;
import java.util.List;

/** All that can be measured, in the order of the report. */
public final class Scenarios {

    private static final List<Scenario> ALL = List.of(
            new Uncontended("S1", Store.REDIS, 1, false),
            new Uncontended("S2", Store.REDIS, 64, false),
            new Uncontended("S2v", Store.REDIS, 1000, true),
            new Contended("S3", Store.REDIS, 0),
            new Contended("S3-100us", Store.REDIS, 100),
            new Contended("S3-1ms", Store.REDIS, 1000),
            new SeveralJvms("S4", 0),
            new SeveralJvms("S4-100us", 100),
            new SeveralJvms("S4-1ms", 1000),
            new HandOffLatency("S4L"),
            new HeldLeases("S5-10k", 10_000, true),
            new HeldLeases("S5-100k", 100_000, false),
            new Waiting("S6-16", 16),
            new Waiting("S6-128", 128),
            new Waiting("S6-512", 512),
            new Uncontended("ZK-S1", Store.ZOOKEEPER, 1, false),
            new Contended("ZK-S3", Store.ZOOKEEPER, 0),
            new Uncontended("etcd-S1", Store.ETCD, 1, false),
            new Contended("etcd-S3", Store.ETCD, 0),
            new Transport("transport-1", 1, false),
            new Transport("transport-64", 64, false),
            new Transport("transport-1000v", 1000, true),
            new Fenced("fence-h2", Database.H2),
            new Fenced("fence-postgresql", Database.POSTGRESQL),
            new InProcess("jmh"));

    private Scenarios() {}

    /**
     * All scenarios.
     *
     * @return in order
     */
    public static List<Scenario> all() {
        return ALL;
    }
}
