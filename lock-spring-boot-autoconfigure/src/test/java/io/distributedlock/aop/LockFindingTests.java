package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Locking;
import io.distributedlock.Locking.Witness;
import io.distributedlock.annotation.DistributedLock;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AliasFor;

class LockFindingTests {

    private static <T> List<String> locksOf(Class<T> bean, Function<T, List<String>> call) {
        return locksOf(bean, bean, call);
    }

    private static <T> List<String> locksOf(
            Class<?> bean, Class<T> type, Function<T, List<String>> call, String... properties) {
        List<List<String>> held = new ArrayList<>();
        Locking.application(bean)
                .withPropertyValues(properties)
                .run(context -> held.add(call.apply(context.getBean(type))));
        return held.get(0);
    }

    static class Plain extends Witness {

        @DistributedLock("one")
        public List<String> one() {
            return held();
        }

        @DistributedLock({"c", "a", "b"})
        public List<String> several() {
            return held();
        }

        @DistributedLock("r1")
        @DistributedLock("r2")
        public List<String> repeated() {
            return held();
        }

        @DistributedLock("protected")
        protected List<String> shielded() {
            return held();
        }

        public List<String> free() {
            return held();
        }
    }

    @Test
    void aMethodIsLockedByItsAnnotation() {
        assertThat(locksOf(Plain.class, Plain::one)).containsExactly("one");
        assertThat(locksOf(Plain.class, Plain::several)).containsExactly("a", "b", "c");
        assertThat(locksOf(Plain.class, Plain::repeated)).containsExactly("r1", "r2");
        assertThat(locksOf(Plain.class, Plain::shielded)).containsExactly("protected");
        assertThat(locksOf(Plain.class, Plain::free)).isEmpty();
    }

    @DistributedLock(name = "order:#{#id}", waitTime = "1s")
    @Retention(RetentionPolicy.RUNTIME)
    @interface OrderLock {}

    @DistributedLock
    @Retention(RetentionPolicy.RUNTIME)
    @Repeatable(NamedLocks.class)
    @interface NamedLock {
        @AliasFor(annotation = DistributedLock.class, attribute = "name")
        String[] value();
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface NamedLocks {
        NamedLock[] value();
    }

    @DistributedLock("m1")
    @DistributedLock("m2")
    @Retention(RetentionPolicy.RUNTIME)
    @interface TwoLocks {}

    static class Composed extends Witness {

        @OrderLock
        public List<String> order(int id) {
            return held();
        }

        @NamedLock("named")
        public List<String> named() {
            return held();
        }

        @NamedLock("n1")
        @NamedLock("n2")
        public List<String> repeated() {
            return held();
        }

        @TwoLocks
        public List<String> two() {
            return held();
        }
    }

    @Test
    void annotationsOfTheApplicationCarryTheLock() {
        assertThat(locksOf(Composed.class, bean -> bean.order(4))).containsExactly("order:4");
        assertThat(locksOf(Composed.class, Composed::named)).containsExactly("named");
        assertThat(locksOf(Composed.class, Composed::repeated)).containsExactly("n1", "n2");
        assertThat(locksOf(Composed.class, Composed::two)).containsExactly("m1", "m2");
    }

    static class Base extends Witness {

        @DistributedLock("base")
        public List<String> inherited() {
            return held();
        }

        @DistributedLock("base")
        public List<String> overridden() {
            return held();
        }

        @DistributedLock("base")
        public List<String> replaced() {
            return held();
        }

        public List<String> notAnnotated() {
            return held();
        }
    }

    @DistributedLock("class")
    static class WholeClass extends Base {

        public List<String> covered() {
            return held();
        }

        @Override
        public List<String> overridden() {
            return held();
        }

        @Override
        @DistributedLock("own")
        public List<String> replaced() {
            return held();
        }

        List<String> notPublic() {
            return held();
        }

        @Override
        public String toString() {
            return held().toString();
        }
    }

    static class Heir extends WholeClass {

        public List<String> further() {
            return held();
        }
    }

    @Test
    void aClassIsLockedInItsPublicMethodsAndAMethodsOwnAnnotationReplacesIt() {
        assertThat(locksOf(WholeClass.class, WholeClass::covered)).containsExactly("class");
        assertThat(locksOf(WholeClass.class, WholeClass::notPublic)).isEmpty();
        assertThat(locksOf(WholeClass.class, bean -> List.of(bean.toString()))).containsExactly("[]");
        assertThat(locksOf(WholeClass.class, WholeClass::notAnnotated)).isEmpty();
        assertThat(locksOf(WholeClass.class, WholeClass::replaced)).containsExactly("own");
    }

    @Test
    void annotationsAreInheritedAndTheNearestCounts() {
        assertThat(locksOf(WholeClass.class, WholeClass::inherited)).containsExactly("base");
        assertThat(locksOf(WholeClass.class, WholeClass::overridden)).containsExactly("base");
        assertThat(locksOf(Heir.class, Heir::further)).containsExactly("class");
        assertThat(locksOf(Heir.class, Heir::covered)).containsExactly("class");
    }

    interface Job {

        @DistributedLock("interface:#{#what}")
        List<String> work(String what);

        @DistributedLock("default")
        default List<String> more() {
            return work("more");
        }
    }

    @DistributedLock("interface")
    interface Task {
        List<String> work(String what);
    }

    static class JobBean extends Witness implements Job {
        @Override
        public List<String> work(String what) {
            return held();
        }
    }

    static class TaskBean extends Witness implements Task {
        @Override
        public List<String> work(String what) {
            return held();
        }
    }

    static class Worker extends Witness {
        public List<String> work(String what) {
            return held();
        }
    }

    static class LateJob extends Worker implements Job {}

    @Test
    void interfacesCarryTheLock() {
        assertThat(locksOf(JobBean.class, bean -> bean.work("x"))).containsExactly("interface:x");
        assertThat(locksOf(JobBean.class, Job::more)).containsExactly("default");
        assertThat(locksOf(TaskBean.class, bean -> bean.work("x"))).containsExactly("interface");
        assertThat(locksOf(LateJob.class, bean -> bean.work("x"))).containsExactly("interface:x");
    }

    @Test
    void aProxyOfInterfacesLocksAsWell() {
        List<String> held = locksOf(
                JobBean.class,
                Job.class,
                bean -> {
                    assertThat(AopUtils.isJdkDynamicProxy(bean)).isTrue();
                    return bean.work("x");
                },
                "spring.aop.proxy-target-class=false");
        assertThat(held).containsExactly("interface:x");
    }

    @Test
    void locksAlsoWhenBootMakesNoProxies() {
        assertThat(locksOf(Plain.class, Plain.class, Plain::one, "spring.aop.auto=false"))
                .containsExactly("one");
        assertThat(locksOf(JobBean.class, JobBean.class, bean -> bean.work("x"), "spring.aop.auto=false"))
                .containsExactly("interface:x");
        assertThat(locksOf(
                        JobBean.class,
                        Job.class,
                        bean -> bean.work("x"),
                        "spring.aop.auto=false",
                        "spring.aop.proxy-target-class=false"))
                .containsExactly("interface:x");
    }
}
