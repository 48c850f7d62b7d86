package io.memroute.proxy;

import io.memroute.proxy.config.ConfigError;
import io.memroute.proxy.config.ConfigException;
import java.util.List;

final class ConfigFiles {
    private ConfigFiles() {}

    static ProxyServer.ConfigSource source(ServerOptions.ConfigurationFiles files) {
        return () -> { throw new UnsupportedOperationException("TODO"); };
    }
}
