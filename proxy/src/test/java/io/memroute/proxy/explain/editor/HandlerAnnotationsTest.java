package io.memroute.proxy.explain.editor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HandlerAnnotationsTest {

    /** An argument of a new type would fail the build only where packages are made. */
    @Test
    void everyArgumentOfEveryHandlerHasATypeInLua() {
        assertThat(HandlerAnnotations.text())
                .contains("---@field failover_rate? number\n")
                .contains("---@field failover_burst? number\n");
    }
}
