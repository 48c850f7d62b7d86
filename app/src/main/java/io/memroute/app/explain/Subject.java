package io.memroute.app.explain;

import io.memroute.app.log.Terminal;
import io.memroute.lua.LuaState;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.discovery.ServerLookup;
import io.memroute.proxy.explain.KnownListeners;
import io.memroute.proxy.explain.Simulation;
import io.memroute.proxy.explain.Why;
import io.memroute.proxy.script.library.LibraryLoader;
import io.memroute.proxy.script.library.LuaRoutePlan;
import io.memroute.proxy.script.load.ScriptLoader;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** The subject of a command: files, or a proxy that runs in this process. */
sealed interface Subject {

    /** The stream for text that a configuration prints, which is no part of the answer. */
    OutputStream MESSAGES = Terminal.errorStream();

    /** The surroundings of a configuration that is only examined. */
    final class Host extends ConfigHost {

        private final boolean mayExecute;
        private final ServerLookup servers;

        /**
         * @param source what lies beside whose files may be read
         * @param servers is asked for the servers of sources
         */
        Host(LuaBounds bounds, Trust trust, ConfigSource source, ServerLookup servers) {
            super(bounds, trust, List.of(source));
            this.servers = servers;
            mayExecute = trust == Trust.FULL && ScriptLoader.isFor(source);
        }

        @Override
        public ServerLookup servers() {
            return servers;
        }

        /** Whether it may run programs, as a start lets it. */
        @Override
        public boolean mayExecute(LuaState L, String function, String command) {
            return mayExecute;
        }

        @Override
        public OutputStream stdout() {
            return MESSAGES;
        }

        @Override
        public OutputStream stderr() {
            return MESSAGES;
        }
    }

    /** The files: of a running proxy, those that a reload would read. */
    ConfigSource source();

    /** The listeners that the files are for; empty if they are not known. */
    Optional<KnownListeners> listeners();

    /** The surroundings of the files when they are loaded. */
    ConfigHost host();

    /** @throws ConfigException if files have errors */
    ProxyConfig config() throws ConfigException;

    /** @throws ConfigException if files have errors */
    Why why() throws ConfigException;

    /** Files, not loaded yet. */
    record OfFiles(ConfigSource source, ConfigHost host) implements Subject {

        @Override
        public Optional<KnownListeners> listeners() {
            return Optional.empty();
        }

        @Override
        public ProxyConfig config() throws ConfigException {
            return ConfigLoader.loadAll(source, host, LibraryLoader.withoutServer())
                    .config();
        }

        @Override
        public Why why() throws ConfigException {
            return new Why(Simulation.tryOut(LuaRoutePlan.plan(config(), host)));
        }
    }

    /**
     * A configuration in force. There may be none to speak about, which is an {@link IllegalArgumentException} that
     * says why.
     */
    record OfServer(ProxyServer server) implements Subject {

        @Override
        public ConfigSource source() {
            ConfigSource source = server.options()
                    .configuration()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the proxy runs without a configuration and answers from its own memory"));
            return source;
        }

        /** The source of a model: of a Lua program of its own there is none. */
        private ConfigSource modelled() {
            ConfigSource source = source();
            if (ScriptLoader.isFor(source)) {
                throw new IllegalArgumentException("the proxy runs a Lua program of its own (" + source.name()
                        + "), which can be checked, but not explained");
            }
            return source;
        }

        @Override
        public Optional<KnownListeners> listeners() {
            return Optional.of(server.options().knownListeners());
        }

        /** Trusts the files that the proxy has loaded, but lets a question change no file. */
        @Override
        public ConfigHost host() {
            return new Host(server.options().lua(), ConfigHost.Trust.READING, source(), server.servers());
        }

        @Override
        public ProxyConfig config() {
            ConfigSource source = modelled();
            return server.configuration()
                    .orElseThrow(() -> new IllegalArgumentException(source.name() + " is not in force yet"));
        }

        @Override
        public Why why() {
            ConfigSource source = modelled();
            return server.why().orElseThrow(() -> new IllegalArgumentException(source.name() + " is not in force yet"));
        }
    }
}
