package io.distributedlock;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(packages = ArchitectureTests.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    static final String ROOT = "io.distributedlock";

    private static final String AUTOCONFIGURE = ROOT + ".autoconfigure..";

    private static final DescribedPredicate<JavaClass> IN_A_NULL_MARKED_PACKAGE =
            describe("in a @NullMarked package", type -> type.getPackage().isAnnotatedWith(NullMarked.class));

    @ArchTest
    static final ArchRule redisKnowsTheSpiAndItsClient =
            backend("redis", "io.lettuce.core..", "io.netty..", "reactor..");

    @ArchTest
    static final ArchRule zooKeeperKnowsTheSpiAndItsClient =
            backend("zookeeper", "org.apache.curator..", "org.apache.zookeeper..");

    @ArchTest
    static final ArchRule etcdKnowsTheSpiAndItsClient = backend("etcd", "io.etcd.jetcd..", "io.grpc..");

    @ArchTest
    static final ArchRule jdbcKnowsTheSpiAndItsClient = backend("jdbc", "javax.sql..");

    @ArchTest
    static final ArchRule onlyTheWiringReadsTheProperties = noClasses()
            .that()
            .resideOutsideOfPackage(AUTOCONFIGURE)
            .should()
            .dependOnClassesThat()
            .haveNameMatching(".*\\.LockProperties(\\$.*)?");

    @ArchTest
    static final ArchRule nobodyImportsTheWiring = noClasses()
            .that()
            .resideOutsideOfPackage(AUTOCONFIGURE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(AUTOCONFIGURE);

    @ArchTest
    static final ArchRule onlyTheWatchersSeeMicrometerAndActuator = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".observe..", ROOT + ".actuate..", AUTOCONFIGURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.micrometer..",
                    "org.springframework.boot.actuate..",
                    "org.springframework.boot.health..",
                    "org.springframework.boot.micrometer..");

    @ArchTest
    static final ArchRule noPackageCycles = slices().matching("(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nullIsSpelledOutEverywhere = classes().should(be(IN_A_NULL_MARKED_PACKAGE));

    private static ArchRule backend(String name, String... client) {
        String itself = ROOT + "." + name + "..";
        String[] known = {itself, ROOT, ROOT + ".spi", "java..", "jdk..", "org.jspecify.annotations", "org.slf4j.."};
        return classes()
                .that()
                .resideInAPackage(itself)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        Stream.of(known, client).flatMap(Stream::of).toArray(String[]::new)))
                .allowEmptyShould(true);
    }
}
