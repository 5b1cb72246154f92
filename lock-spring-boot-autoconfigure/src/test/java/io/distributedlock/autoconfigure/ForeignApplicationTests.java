package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.autoconfigure.app.ParcelApplication;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** What the library does to an application that does not lock anything. */
@ExtendWith(OutputCaptureExtension.class)
class ForeignApplicationTests {

    private static final String OURS =
            "io\\.distributedlock\\.autoconfigure\\.(?!app).*|distributedLock.*|lockHealthContributor|lock-io\\.distributedlock.*";

    /** Each bean's name, with its class and whether it is a proxy. */
    private static Map<String, String> beans(String... properties) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(ParcelApplication.class)
                .web(WebApplicationType.NONE)
                .properties("lock.backend=memory", "spring.datasource.generate-unique-name=true")
                .properties(properties)
                .run()) {
            Map<String, String> beans = new TreeMap<>();
            for (String name : context.getBeanDefinitionNames()) {
                Object bean = context.getBean(name);
                String type = bean.getClass().getName().replaceAll("\\$\\$.*|\\$Proxy\\d+|/.*", "");
                beans.put(name, type + (AopUtils.isAopProxy(bean) ? " proxy" : ""));
            }
            return beans;
        }
    }

    @Test
    void getsBeansOfOursAndKeepsItsOwn(CapturedOutput output) {
        Map<String, String> with = beans();
        String log = output.getOut();
        Map<String, String> without = beans("spring.autoconfigure.exclude=" + ours());

        assertThat(with).hasSizeGreaterThan(without.size());
        with.keySet().removeIf(name -> name.matches(OURS));
        assertThat(with).isEqualTo(without);
        assertThat(log).doesNotContain("is not eligible for getting processed by all BeanPostProcessors");
    }

    private static String ours() {
        return StreamSupport.stream(
                        ImportCandidates.load(AutoConfiguration.class, ForeignApplicationTests.class.getClassLoader())
                                .spliterator(),
                        false)
                .filter(name -> name.startsWith("io.distributedlock."))
                .collect(Collectors.joining(","));
    }
}
