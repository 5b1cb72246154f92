package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.distributedlock.LockRequest;
import io.distributedlock.annotation.DistributedLock;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.util.ReflectionUtils;

class NameTemplateTests {

    private static final String LONG = "x".repeat(520);

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
    private final Method method = ReflectionUtils.findMethod(Service.class, "pay", Object.class, Object.class);
    private final MethodExpressions expressions = new MethodExpressions(method, beans);
    private final Service target = new Service();

    NameTemplateTests() {
        beans.addEmbeddedValueResolver(text -> text.replace("${region}", "eu")
                .replace("${spel}", "#{#id}")
                .replace("${hash}", "#id")
                .replace("${none}", ""));
        beans.registerSingleton("tenant", "acme");
    }

    static class Service {

        public String name() {
            return "shop";
        }

        void pay(Object id, Object other) {}
    }

    enum Color {
        RED {
            @Override
            public String toString() {
                return "nice";
            }
        }
    }

    record Sku(int number) {}

    static class Anonymous {}

    static class Nameless {
        @Override
        @SuppressWarnings("ToStringReturnsNull")
        public String toString() {
            return null;
        }
    }

    private List<String> names(String template, Object... arguments) {
        return expressions.template(template).names(expressions.call(target, Arrays.copyOf(arguments, 2)));
    }

    static Stream<Arguments> keys() {
        UUID uuid = new UUID(1, 2);
        return Stream.of(
                Arguments.of("plain", "plain"),
                Arguments.of("order:#{#id}", "order:42"),
                Arguments.of("order:#{#p0}", "order:42"),
                Arguments.of("order:#{#a0}", "order:42"),
                Arguments.of("#{#id}-#{#id + 1}", "42-43"),
                Arguments.of("${region}:#{#id}", "eu:42"),
                Arguments.of("#{'${region}' + #id}", "eu42"),
                Arguments.of("order:#{\n    #id\n}", "order:42"),
                Arguments.of("#{@tenant}:#{#id}", "acme:42"),
                Arguments.of("#{#root.target.name()}:#{#root.method.name}", "shop:pay"),
                Arguments.of("#{target.name()}", "shop"),
                Arguments.of("#{'{' + #id + '}'}", "{42}"),
                Arguments.of("#{{1,2,3}.?[#this > 2][0]}", "3"),
                Arguments.of("issue #7", "issue #7"),
                Arguments.of("#{T(java.util.UUID).fromString('" + uuid + "')}", uuid.toString()));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void joinsTextAndExpressions(String template, String name) {
        assertThat(names(template, 42)).containsExactly(name);
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("a", "a"),
                Arguments.of(7L, "7"),
                Arguments.of(new BigDecimal("1.50"), "1.50"),
                Arguments.of(true, "true"),
                Arguments.of(Color.RED, "RED"),
                Arguments.of(new Sku(3), "Sku[number=3]"),
                Arguments.of(Optional.of(5), "5"),
                Arguments.of(OptionalInt.of(5), "5"),
                Arguments.of(OptionalLong.of(5), "5"),
                Arguments.of(OptionalDouble.of(1.5), "1.5"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void makesAKeyOfWhatHasAText(Object value, String key) {
        assertThat(names("k:#{#id}", value)).containsExactly("k:" + key);
    }

    @Test
    void makesManyLocksOfACollectionAndTakesDuplicatesOnce() {
        assertThat(names("sku:#{#id}:#{#other}", List.of(3, 1, 3, 2), "x"))
                .containsExactly("sku:3:x", "sku:1:x", "sku:2:x");
        assertThat(names("sku:#{#id}", new int[] {4, 5})).containsExactly("sku:4", "sku:5");
        assertThat(names("sku:#{#id}", Set.of("a"))).containsExactly("sku:a");
        assertThat(names("sku:#{#id}", Optional.of(List.of(1, 2)))).containsExactly("sku:1", "sku:2");
    }

    static Stream<Arguments> refusedValues() {
        return Stream.of(
                Arguments.of(null, "yielded null"),
                Arguments.of("", "yielded a blank text"),
                Arguments.of("  ", "yielded a blank text"),
                Arguments.of(Optional.empty(), "yielded null"),
                Arguments.of(OptionalInt.empty(), "yielded null"),
                Arguments.of(OptionalLong.empty(), "yielded null"),
                Arguments.of(OptionalDouble.empty(), "yielded null"),
                Arguments.of(Optional.of(Map.of("a", 1)), "yielded a map"),
                Arguments.of(Optional.of(List.of()), "yielded an empty collection"),
                Arguments.of(new byte[] {1, 2}, "yielded an array of bytes"),
                Arguments.of(new char[] {'a'}, "yielded an array of chars"),
                Arguments.of(List.of(Optional.of(List.of(1))), "a collection that holds a collection"),
                Arguments.of(Map.of("a", 1), "yielded a map"),
                Arguments.of(List.of(), "yielded an empty collection"),
                Arguments.of(Arrays.asList(1, null), "a collection that holds null"),
                Arguments.of(List.of("a", " "), "a collection that holds a blank text"),
                Arguments.of(List.of(List.of(1)), "a collection that holds a collection"),
                Arguments.of(List.of(Map.of()), "a collection that holds a collection"),
                Arguments.of(new Anonymous(), "declares no toString()"),
                Arguments.of(new Nameless(), "yielded a blank text"));
    }

    @ParameterizedTest
    @MethodSource("refusedValues")
    void refusesWhatIsNoKey(Object value, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> names("order:#{#id}", value))
                .withMessageContaining("'order:#{#id}'")
                .withMessageContaining(reason);
    }

    static class Lines {
        @DistributedLock("order:#{\n  #id\n}")
        void pay(Object id) {}
    }

    @Test
    void anExpressionMayHaveSeveralLines() {
        Method lines = ReflectionUtils.findMethod(Lines.class, "pay", Object.class);
        MethodExpressions itsExpressions = new MethodExpressions(lines, beans);
        LockDeclaration declaration =
                LockDeclaration.read(LockAnnotations.on(lines).get(0), itsExpressions);
        assertThat(declaration.requests(itsExpressions.call(new Lines(), new Object[] {42})))
                .extracting(LockRequest::name)
                .containsExactly("order:42");
    }

    @Test
    void refusesASecondCollection() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> names("#{#id}:#{#other}", List.of(1), List.of(2)))
                .withMessageContaining("second collection in #{#other}");
    }

    @Test
    void saysWhichExpressionFailed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> names("order:#{#id.size()}", 42))
                .withMessageContaining("#{#id.size()} could not be evaluated");
    }

    @Nested
    class AtTheStart {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "order:#id | did you mean '#{#id}'?",
                    "order:{#id} | did you mean '#{#id}'?",
                    "order:{id} | a brace that belongs to no expression",
                    "order:#{#id | a '}' is missing",
                    "order:#{#id}} | a brace that belongs to no expression",
                    "order:#{#idd} | '#idd' is not a parameter; there are #id, #other",
                    "order:#{#p2} | '#p2' is not a parameter",
                    "order:#{id} | did you mean '#id'?",
                    "order:#{@nobody} | '@nobody' is not a bean",
                    "order:#{#f(1)} | is no function",
                    "order:#{#id +} | is not SpEL",
                    "order:#{} | is not SpEL",
                    "order:${missing} | could not be resolved",
                    "order:${spel} | '${spel}' has the value '#{#id}'",
                    "order:${hash} | '${hash}' has the value '#id'"
                })
        void refusesATemplateThatLooksMistyped(String template, String reason) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> expressions.template(template))
                    .withMessageContaining("'" + template + "'")
                    .withMessageContaining(reason);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "two\nlines", "order:#{#id}\n"})
        void refusesATextThatIsNoName(String template) {
            assertThatIllegalArgumentException().isThrownBy(() -> expressions.template(template));
        }

        @Test
        void refusesATextThatIsTooLong() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> expressions.template(LONG))
                    .withMessageContaining("512 bytes");
        }
    }
}
