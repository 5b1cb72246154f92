package io.distributedlock.fencing.jdbc;

class JdbcFenceOnH2Tests extends JdbcFenceTransactionRules {

    @Override
    protected Database open() {
        return Database.h2(1_000);
    }
}
