package io.memroute.proxy;

import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.config.reader.ConfigSource;

/** Configurations read from the files that the server's options name, anew at every load. */
final class ConfigFiles {

    private ConfigFiles() {}

    static ProxyServer.ConfigSource source(ServerOptions.ConfigurationFiles files) {
        ConfigSource source = new ConfigSource(files.files(), files.argument());
        return () -> ConfigLoader.load(source);
    }
}
