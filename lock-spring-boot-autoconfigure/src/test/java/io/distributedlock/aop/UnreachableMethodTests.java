package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.distributedlock.Locking;
import io.distributedlock.Locking.Witness;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.aop.elsewhere.Elsewhere;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What runs counts, not where the annotation stands: a method with a lock is locked, or ends the start. */
class UnreachableMethodTests {

    interface Job {
        @DistributedLock("job:#{#what}")
        List<String> work(String what);
    }

    @DistributedLock("task")
    interface Task {
        List<String> work(String what);
    }

    static class FinalWorker extends Witness {
        public final List<String> work(String what) {
            return held();
        }
    }

    static class FinalJob extends FinalWorker implements Job {}

    static class FinalTask extends FinalWorker implements Task {}

    static class PackagePrivate extends Elsewhere {}

    @DistributedLock("class")
    static class WholeClass extends Witness {
        public List<String> work() {
            return held();
        }
    }

    static class FinalOverride extends WholeClass {
        @Override
        public final List<String> work() {
            return held();
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(PackagePrivate.class, Elsewhere.class, "package-private"),
                Arguments.of(FinalJob.class, FinalWorker.class, "public final"),
                Arguments.of(FinalTask.class, FinalWorker.class, "public final"),
                Arguments.of(FinalOverride.class, FinalOverride.class, "public final"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aMethodThatNoProxyCanInterceptEndsTheStart(Class<?> bean, Class<?> declaring, String problem) {
        Locking.application(bean).run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = new InvalidLockFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription()).contains(declaring.getName(), problem);
        });
    }

    interface Handler<T> {
        @DistributedLock("handler:#{#p0}")
        List<String> handle(T what);
    }

    static class TextHandler extends Witness {
        public List<String> handle(String what) {
            return held();
        }
    }

    static class LateHandler extends TextHandler implements Handler<String> {}

    static class OwnHandler extends Witness implements Handler<String> {
        @Override
        public List<String> handle(String what) {
            return held();
        }
    }

    static class Worker extends Witness {
        public List<String> work(String what) {
            return held();
        }
    }

    static class LateTask extends Worker implements Task {}

    @Test
    void aGenericInterfaceLocksAMethodThatItsClassInherits() {
        Locking.application(LateHandler.class).run(context -> {
            LateHandler bean = context.getBean(LateHandler.class);
            assertThat(bean.handle("x")).containsExactly("handler:x");
            assertThat(((Handler<String>) bean).handle("x")).containsExactly("handler:x");
        });
        Locking.application(OwnHandler.class)
                .run(context -> assertThat(context.getBean(OwnHandler.class).handle("x"))
                        .containsExactly("handler:x"));
    }

    @Test
    void aLockedInterfaceLocksAMethodThatItsClassInherits() {
        Locking.application(LateTask.class)
                .run(context ->
                        assertThat(context.getBean(LateTask.class).work("x")).containsExactly("task"));
    }

    static class Gone {}

    static class NamesGone {
        @DistributedLock("a")
        public void locked() {}

        void needs(Gone gone) {}
    }

    static class TwoLocksAndGone {
        @DistributedLock("a")
        @DistributedLock("b")
        public void locked() {}

        void needs(Gone gone) {}
    }

    @DistributedLock("a")
    static class LockedAndGone {
        void needs(Gone gone) {}
    }

    static class HeirOfGone extends NamesGone {}

    static class OnlyGone {
        void needs(Gone gone) {}
    }

    @ParameterizedTest
    @ValueSource(classes = {NamesGone.class, TwoLocksAndGone.class, LockedAndGone.class, HeirOfGone.class})
    void aLockedClassThatNamesMissingTypesIsRefused(Class<?> type) throws ClassNotFoundException {
        Class<?> broken = new WithoutGone().loadClass(type.getName());
        assertThatExceptionOfType(InvalidLockException.class)
                .isThrownBy(() -> lockedMethods().isLocked(broken))
                .withMessageContaining(type.getName())
                .withMessageContaining(Gone.class.getName());
    }

    @Test
    void aClassThatNamesMissingTypesAndHasNoLocksMayBeABean() throws ClassNotFoundException {
        Class<?> broken = new WithoutGone().loadClass(OnlyGone.class.getName());
        assertThat(lockedMethods().isLocked(broken)).isFalse();
    }

    private static LockedMethods lockedMethods() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        return new LockedMethods(beans, new LockManagers(beans, Map.of()));
    }

    /** Loads the classes of this test anew, all but one. */
    private static final class WithoutGone extends ClassLoader {

        WithoutGone() {
            super(UnreachableMethodTests.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals(Gone.class.getName())) {
                throw new ClassNotFoundException(name);
            }
            if (!name.contains("Gone")) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
