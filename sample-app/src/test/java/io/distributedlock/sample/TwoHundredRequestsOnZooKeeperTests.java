package io.distributedlock.sample;

class TwoHundredRequestsOnZooKeeperTests extends TwoHundredRequests {

    TwoHundredRequestsOnZooKeeperTests() {
        super("zookeeper");
    }
}
