package io.memroute.proxy.it;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.memroute.proxy.Transport;
import org.slf4j.LoggerFactory;

/**
 * A proxy for {@link ManyOpenFilesTest}: a program of its own, because what it runs out of would fail the tests' own
 * JVM.
 */
final class AcceptProbe {

    private AcceptProbe() {}

    /**
     * Serves until it is killed, and prints its port.
     *
     * @param arguments the transport
     */
    public static void main(String[] arguments) throws InterruptedException {
        ((Logger) LoggerFactory.getLogger("memroute")).setLevel(Level.INFO);
        try (ProxyUnderTest proxy =
                ProxyUnderTest.start(Configuration.empty().otherwise("internal"), Transport.valueOf(arguments[0]))) {
            System.out.println("port " + proxy.port() + ".");
            Thread.currentThread().join();
        }
    }
}
