package io.distributedlock.sample;

import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.OnContention;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Writes the nightly report. */
@Service
public class Reports {

    private static final Logger log = LoggerFactory.getLogger(Reports.class);

    private static final String SELECT = "select id, written_at, instance, payments, revenue from reports";

    private final JdbcClient database;
    private final String instance;

    Reports(JdbcClient database, @Value("${sample.instance}") String instance) {
        this.database = database;
        this.instance = instance;
    }

    /**
     * Starts on every instance at the same time and runs on one: the others do not wait, and the lock stays taken for a
     * while after the work, for those whose clock is a little late.
     *
     * @return empty where another instance does it
     */
    @Scheduled(cron = "${sample.report-cron}")
    @DistributedLock(name = "nightly-report", waitTime = "0", minHoldTime = "30s", onContention = OnContention.SKIP)
    @Transactional
    public Optional<Report> write() {
        log.info("Writing the report");
        database.sql("insert into reports (instance, payments, revenue)"
                        + " select ?, count(*), coalesce(sum(amount), 0) from payments")
                .param(instance)
                .update();
        return database.sql(SELECT + " order by id desc limit 1")
                .query(Report.class)
                .optional();
    }

    List<Report> all() {
        return database.sql(SELECT + " order by id desc").query(Report.class).list();
    }
}
