package io.distributedlock.fencing.jdbc;

import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import java.util.concurrent.locks.LockSupport;

/** What a section does in its transaction to add one to a counter: one right form and two wrong ones. */
enum Guard {
    ENTER_READ_WRITE {
        @Override
        void run(Database database, JdbcFence fence, FencingToken token, Runnable entered) {
            fence.enter(RESOURCE, token);
            entered.run();
            long read = read(database);
            work();
            write(database, read + 1);
        }
    },

    READ_ENTER_WRITE {
        @Override
        void run(Database database, JdbcFence fence, FencingToken token, Runnable entered) {
            long read = read(database);
            work();
            fence.enter(RESOURCE, token);
            entered.run();
            write(database, read + 1);
        }
    },

    COMPARE_IN_JAVA {
        @Override
        void run(Database database, JdbcFence fence, FencingToken token, Runnable entered) {
            Long mark = database.jdbc.queryForObject("select max(token) from lock_fence", Long.class);
            if (mark != null && mark > token.value()) {
                throw new StaleTokenException(RESOURCE, token);
            }
            entered.run();
            long read = read(database);
            work();
            write(database, read + 1);
            database.jdbc.update("update lock_fence set token = ?", token.value());
        }
    };

    static final String RESOURCE = "counter";

    abstract void run(Database database, JdbcFence fence, FencingToken token, Runnable entered);

    private static long read(Database database) {
        return database.jdbc.queryForObject("select n from guarded", Long.class);
    }

    private static void work() {
        LockSupport.parkNanos(100_000);
    }

    private static void write(Database database, long value) {
        database.jdbc.update("update guarded set n = ?", value);
    }
}
