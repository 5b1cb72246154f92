package io.distributedlock.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Asks TLC about each model and each variant. The wrong variants must break: else the right ones prove nothing. */
class ProtocolModelTests {

    private static final boolean NIGHTLY = "nightly".equals(System.getProperty("model"));
    private static final String ONLY = System.getProperty("model.only", "");
    private static final int LONGEST_MINUTES = NIGHTLY ? 240 : 10;

    private final Tlc tlc =
            new Tlc(Path.of("").toAbsolutePath(), Path.of("target", "tlc").toAbsolutePath(), LONGEST_MINUTES);

    @ParameterizedTest(name = "{0}")
    @MethodSource("questions")
    @Timeout(value = 5, unit = TimeUnit.HOURS)
    void modelsAnswerAsExpected(Question question) throws IOException, InterruptedException {
        Tlc.Answer answer = tlc.ask(question);
        System.out.printf(
                "%-12s  %-21s  %9d states %5d s  %s%n",
                question.model(), answer.verdict(), answer.states(), answer.seconds(), question.about());
        assertThat(answer.verdict()).as("%s; see %s", question, answer.output()).isEqualTo(question.expected());
    }

    static Stream<Question> questions() {
        Stream<List<Question>> lists = NIGHTLY
                ? Stream.of(
                        HandOffQuestions.all(),
                        LocalHandOffQuestions.all(),
                        HandOffQuestions.nightly(),
                        LocalHandOffQuestions.nightly())
                : Stream.of(HandOffQuestions.all(), LocalHandOffQuestions.all());
        return lists.flatMap(List::stream)
                .filter(question -> question.toString().contains(ONLY));
    }
}
