package io.memroute.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every connection with TLS goes through {@code TlsHandler}, and so through {@code GuardedEngine}: without that anybody
 * who connects could wipe the memory of other connections. The JDK's own sockets and its HTTP client may be used as
 * they are: what they decrypt lies in arrays of one connection.
 */
class GuardedTlsTest {

    private static final String HANDLER = "io.memroute.proxy.tls.TlsHandler";
    private static final String CONSTRUCTOR = "<init>";
    private static final String NETTY = "io.netty.handler.ssl.";

    @ParameterizedTest
    @ValueSource(strings = {"lua", "transport", "protocol", "store", "proxy", "app"})
    void onlyOneClassMakesEnginesAndHandlers(String module) {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(HANDLER)
                .should()
                .accessTargetWhere(makesAnEngine())
                .check(Classes.of(module));
    }

    @Test
    void eachWayToMakeOneIsSeen() {
        for (Class<?> unguarded :
                List.of(ByContext.class, ByNetty.class, ByReference.class, ByHandler.class, ByName.class)) {
            JavaClasses read = new ClassFileImporter().importClasses(unguarded);
            assertThat(noClasses()
                            .should()
                            .accessTargetWhere(makesAnEngine())
                            .evaluate(read)
                            .hasViolation())
                    .as(unguarded.getSimpleName())
                    .isTrue();
        }
    }

    private static DescribedPredicate<JavaAccess<?>> makesAnEngine() {
        return DescribedPredicate.describe("makes an engine of TLS", access -> {
            String owner = access.getTargetOwner().getName();
            return switch (access.getName()) {
                case "createSSLEngine" -> true;
                case "newEngine", "newHandler" -> owner.startsWith(NETTY);
                case CONSTRUCTOR -> owner.startsWith(NETTY) && owner.endsWith("Handler");
                default -> false;
            };
        });
    }

    private static final class ByContext {
        SSLEngine make(SSLContext context) {
            return context.createSSLEngine();
        }
    }

    private static final class ByNetty {
        SslHandler make(SslContext context) {
            return context.newHandler(ByteBufAllocator.DEFAULT, "cache.example", 1);
        }
    }

    private static final class ByReference {
        final BiFunction<SSLEngine, Boolean, SslHandler> make = SslHandler::new;
    }

    private static final class ByHandler extends SslHandler {
        ByHandler(SSLEngine engine) {
            super(engine);
        }
    }

    private static final class ByName {
        SniHandler make(SslContext context) {
            return new SniHandler(name -> context);
        }
    }
}
