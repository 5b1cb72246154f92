package io.distributedlock.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class OptionsTests {

    private final Properties properties = new Properties();

    @Test
    void aCompleteRunIsPublished() {
        properties.setProperty("bench.scenarios", "");

        assertThat(Options.from(properties))
                .isEqualTo(new Options(List.of(), List.of(), 5, 0.8, Path.of("docs", "performance")));
    }

    @Test
    void aRunInPartIsNot() {
        properties.setProperty("bench.scenarios", "S1, S3");
        properties.setProperty("bench.adapters", "ours-redis");
        properties.setProperty("bench.rounds", "2");
        properties.setProperty("bench.seconds", "0.5");

        assertThat(Options.from(properties))
                .isEqualTo(new Options(
                        List.of("S1", "S3"),
                        List.of("ours-redis"),
                        2,
                        0.5,
                        Path.of("lock-benchmarks", "target", "performance")));
    }

    @Test
    void nonsenseIsRefused() {
        properties.setProperty("bench.rounds", "0");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.from(properties))
                .withMessage("bench.rounds must be more than 0, but was 0");

        properties.setProperty("bench.rounds", "many");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.from(properties))
                .withMessage("bench.rounds must be a number, but was 'many'");
    }
}
