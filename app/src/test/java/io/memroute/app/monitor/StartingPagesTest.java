package io.memroute.app.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.admin.AdminPages;
import io.memroute.app.options.AdminAddress;
import org.junit.jupiter.api.Test;

/** What the admin listener answers while the proxy reads its configuration, which may take a while. */
class StartingPagesTest {

    @Test
    void theMetricsOfTheProcessAreThereAtOnce() throws Exception {
        AdminPages pages = AdminPages.starting(MetricsPage.whileStarting());
        try (AdminListener listener = AdminListener.start(AdminAddress.parse("0"), () -> pages)) {
            AdminPageReader reader = new AdminPageReader(listener.address());

            assertThat(reader.metrics())
                    .containsEntry("memroute_ready", 0.0)
                    .containsKeys("process_start_time_seconds", "jvm_memory_used_bytes{area=\"heap\"}");
            assertThat(reader.get("/metrics?name[]=memroute_ready").body()).endsWith("memroute_ready 0.0\n");
            assertThat(reader.get("/livez").status()).isEqualTo(200);
            assertThat(reader.get("/readyz").status()).isEqualTo(503);
        }
    }
}
