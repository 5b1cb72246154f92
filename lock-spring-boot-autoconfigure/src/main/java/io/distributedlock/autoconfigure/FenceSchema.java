package io.distributedlock.autoconfigure;

import io.distributedlock.fencing.jdbc.JdbcFence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PlatformPlaceholderDatabaseDriverResolver;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/** Makes the table of the fencing marks. */
final class FenceSchema extends DataSourceScriptDatabaseInitializer {

    private static final String SCRIPT = "classpath:io/distributedlock/fencing/jdbc/schema-@@platform@@.sql";

    private final DatabaseInitializationSettings settings;
    private final String table;

    private @Nullable ClassLoader classLoader;

    FenceSchema(DataSource dataSource, String table, DatabaseInitializationMode mode) {
        this(dataSource, table, new DatabaseInitializationSettings());
        settings.setMode(mode);
    }

    private FenceSchema(DataSource dataSource, String table, DatabaseInitializationSettings settings) {
        super(dataSource, settings);
        this.settings = settings;
        this.table = table;
    }

    @Override
    public void setResourceLoader(ResourceLoader resourceLoader) {
        super.setResourceLoader(resourceLoader);
        classLoader = resourceLoader.getClassLoader();
    }

    /** Asks which database it is only when a table is to be made: it may be away, or one that {@link JdbcFence} cannot use. */
    @Override
    public boolean initializeDatabase() {
        String location = SCRIPT;
        if (settings.getMode() == DatabaseInitializationMode.EMBEDDED) {
            if (!isEmbeddedDatabase()) {
                return false;
            }
            location = "optional:" + SCRIPT;
        }
        PlatformPlaceholderDatabaseDriverResolver platform = new PlatformPlaceholderDatabaseDriverResolver();
        settings.setSchemaLocations(
                isMariaDb()
                        ? platform.resolveAll("mariadb", location)
                        : platform.resolveAll(getDataSource(), location));
        return super.initializeDatabase();
    }

    /** The driver of MySQL takes a MariaDB for a MySQL, whose script it does not understand. */
    private boolean isMariaDb() {
        try {
            return JdbcUtils.extractDatabaseMetaData(
                    Objects.requireNonNull(getDataSource()),
                    database ->
                            String.valueOf(database.getDatabaseProductVersion()).contains("MariaDB"));
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException(
                    "The database does not say which it is, so that no table for fencing marks can be made", e);
        }
    }

    @Override
    protected boolean isEmbeddedDatabase() {
        // Without a driver for one, no connection is needed to know.
        return EmbeddedDatabaseConnection.get(classLoader) != EmbeddedDatabaseConnection.NONE
                && super.isEmbeddedDatabase();
    }

    @Override
    protected void runScripts(Scripts scripts) {
        List<Resource> named = new ArrayList<>();
        for (Resource script : scripts) {
            named.add(named(script));
        }
        super.runScripts(new Scripts(named)
                .separator(scripts.getSeparator())
                .encoding(scripts.getEncoding())
                .continueOnError(scripts.isContinueOnError()));
    }

    private Resource named(Resource script) {
        String index = table.substring(table.indexOf('.') + 1) + "_touched";
        try {
            String text = script.getContentAsString(StandardCharsets.UTF_8)
                    .replaceAll("\\block_fence_touched\\b", index)
                    .replaceAll("\\block_fence\\b", table);
            return new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), script.getDescription());
        } catch (IOException e) {
            throw new UncheckedIOException(script + " could not be read", e);
        }
    }
}
