package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.Locking;
import io.distributedlock.Locking.Witness;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.OnContention;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A bean that is a proxy of another's making already is locked like any other. */
class AlreadyProxiedBeanTests {

    static class Orders extends Witness {

        private final String shop = String.valueOf("shop");

        @DistributedLock(
                name = "#{#root.target.shop}:#{#id}",
                onContention = OnContention.FALLBACK,
                fallback = "instead")
        public List<String> pay(int id) {
            return held();
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private List<String> instead(int id, LockNotAcquiredException why) {
            return List.of("instead", shop);
        }

        public String getShop() {
            return shop;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SecondCreator {
        @Bean
        static DefaultAdvisorAutoProxyCreator secondCreator() {
            DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
            creator.setProxyTargetClass(true);
            return creator;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnProxy {
        @Bean
        Orders orders(AutowireCapableBeanFactory beans) {
            ProxyFactory factory = new ProxyFactory(beans.createBean(Orders.class));
            factory.setProxyTargetClass(true);
            return (Orders) factory.getProxy();
        }
    }

    private static void isLocked(Class<?>... beans) {
        Locking.application(beans).run(context -> {
            Orders orders = context.getBean(Orders.class);
            LockManager locks = context.getBean(LockManager.class);
            assertThat(AopUtils.isCglibProxy(orders)).isTrue();
            assertThat(orders.pay(1)).containsExactly("shop:1");
            try (Lease other = Locking.anotherHolderOf("shop:1", locks)) {
                assertThat(other.isHeld()).isTrue();
                assertThat(orders.pay(1)).containsExactly("instead", "shop");
            }
            assertThat(locks.held()).isEmpty();
        });
    }

    @Test
    void bySomeOtherAutoProxyCreator() {
        isLocked(SecondCreator.class, Orders.class);
    }

    @Test
    void byTheApplication() {
        isLocked(OwnProxy.class);
    }
}
