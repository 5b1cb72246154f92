package io.distributedlock.sample;

class TwoHundredRequestsOnRedisTests extends TwoHundredRequests {

    TwoHundredRequestsOnRedisTests() {
        super("redis");
    }
}
