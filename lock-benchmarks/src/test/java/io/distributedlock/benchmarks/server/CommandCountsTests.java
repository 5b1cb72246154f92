package io.distributedlock.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandCountsTests {

    @Test
    void scriptsCountByWhatTheyDoAndTalkAboutConnectionsDoesNot() {
        String statistics = """
                # Commandstats
                cmdstat_evalsha:calls=10,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0
                cmdstat_eval:calls=1,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0
                cmdstat_script|load:calls=1,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0
                cmdstat_client|setinfo:calls=2,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0
                cmdstat_hello:calls=2,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0
                cmdstat_ping:calls=7,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0
                cmdstat_info:calls=3,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0
                cmdstat_get:calls=20,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0
                cmdstat_pubsub|numsub:calls=4,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0
                cmdstat_set:calls=30,usec=1,usec_per_call=0.1,rejected_calls=1,failed_calls=0
                """;

        assertThat(CommandCounts.count(statistics)).isEqualTo(54);
    }
}
