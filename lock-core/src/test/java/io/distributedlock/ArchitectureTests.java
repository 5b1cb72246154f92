package io.distributedlock;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(packages = ArchitectureTests.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    static final String ROOT = "io.distributedlock";

    private static final String SPI = ROOT + ".spi";
    private static final String ENGINE = ROOT + ".engine";

    private static final String[] PLATFORM = {"java..", "jdk..", "org.jspecify.annotations", "org.slf4j.."};

    private static final DescribedPredicate<JavaClass> API_VALUES = describe(
            "API values",
            type -> type.getPackageName().equals(ROOT)
                    && (type.isEnum() || type.isRecord() || type.isAssignableTo(Throwable.class)));

    private static final DescribedPredicate<JavaClass> IN_A_NULL_MARKED_PACKAGE =
            describe("in a @NullMarked package", type -> type.getPackage().isAnnotatedWith(NullMarked.class));

    @ArchTest
    static final ArchRule theCoreKnowsTheJdkAndALoggerOnly = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(PLATFORM).or(resideInAnyPackage(ROOT + "..")));

    @ArchTest
    static final ArchRule theApiKnowsNobody = inPackage(ROOT, resideInAnyPackage(ROOT));

    @ArchTest
    static final ArchRule theSpiKnowsApiValues =
            inPackage(SPI, resideInAnyPackage(SPI).or(API_VALUES));

    @ArchTest
    static final ArchRule theFenceKnowsTheApi =
            inPackage(ROOT + ".fencing", resideInAnyPackage(ROOT + ".fencing", ROOT));

    @ArchTest
    static final ArchRule theElectionKnowsTheApi =
            inPackage(ROOT + ".election", resideInAnyPackage(ROOT + ".election", ROOT));

    @ArchTest
    static final ArchRule theEngineKnowsApiAndSpi = inPackage(ENGINE, resideInAnyPackage(ENGINE, SPI, ROOT));

    @ArchTest
    static final ArchRule theMemoryBackendKnowsTheSpi = inPackage(
            ROOT + ".memory", resideInAnyPackage(ROOT + ".memory", SPI).or(API_VALUES));

    @ArchTest
    static final ArchRule theEngineHasOneDoor = classes()
            .that()
            .resideInAPackage(ENGINE)
            .and()
            .areTopLevelClasses()
            .and()
            .arePublic()
            .should()
            .haveSimpleName("LockEngine")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noPackageCycles = slices().matching("(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nullIsSpelledOutEverywhere = classes().should(be(IN_A_NULL_MARKED_PACKAGE));

    private static ArchRule inPackage(String name, DescribedPredicate<JavaClass> ours) {
        return classes()
                .that()
                .resideInAPackage(name)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(PLATFORM).or(ours))
                .allowEmptyShould(true);
    }
}
