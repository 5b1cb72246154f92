package io.distributedlock.aop;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** The SQL that an application sends, in its order: seen between it and its data sources. */
final class Statements implements BeanPostProcessor {

    final List<String> sent = new CopyOnWriteArrayList<>();

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource ? watched(bean, DataSource.class, null) : bean;
    }

    private Object watched(Object target, Class<?> type, @Nullable String prepared) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            String name = method.getName();
            String sql = arguments != null && arguments[0] instanceof String text ? text : prepared;
            if (target instanceof Statement && name.startsWith("execute")) {
                sent.add(String.valueOf(sql));
            }
            try {
                Object result = method.invoke(target, arguments);
                Class<?> returned = method.getReturnType();
                boolean leadsToStatements = returned == Connection.class || Statement.class.isAssignableFrom(returned);
                return leadsToStatements ? watched(result, returned, sql) : result;
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        });
    }
}
