package io.memroute.proxy.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class SystemErrorTest {

    @Test
    void givesTheReasonWithoutTheCallAndTheNumber() {
        assertThat(SystemError.text(new ConnectException(
                        "io_uring connect(..) failed with error(-111): Connection refused: /127.0.0.1:1")))
                .isEqualTo("connection refused");
        assertThat(SystemError.text(new ConnectException("Connection refused: localhost/127.0.0.1:1")))
                .isEqualTo("connection refused");
        assertThat(SystemError.text(new ConnectException("No route to host: /[0:0:0:0:0:0:0:1]:11211")))
                .isEqualTo("no route to host");
        assertThat(SystemError.text(new IOException("bind(..) failed with error(-98): Address already in use")))
                .isEqualTo("address already in use");
        assertThat(SystemError.text(new IOException("Broken pipe"))).isEqualTo("broken pipe");
    }

    @Test
    void leavesNamesAtTheBeginningAsTheyAre() {
        assertThat(SystemError.text(new IOException("TLS handshake"))).isEqualTo("TLS handshake");
    }

    @Test
    void saysWhatIsWrongWithAFileWithoutItsName() {
        assertThat(SystemError.text(new NoSuchFileException("/a"))).isEqualTo("no such file or directory");
        assertThat(SystemError.text(new AccessDeniedException("/a"))).isEqualTo("permission denied");
        assertThat(SystemError.text(new FileSystemException("/a", null, "No space left on device")))
                .isEqualTo("no space left on device");
    }

    @Test
    void findsSomethingToSay() {
        assertThat(SystemError.text(new IOException())).isEqualTo("IOException");
        assertThat(SystemError.text(new IOException(null, new IOException("Broken pipe"))))
                .isEqualTo("broken pipe");
    }

    @Test
    void writesAddressesAsOperatorsDo() throws IOException {
        assertThat(SystemError.readable(new InetSocketAddress(11211))).isEqualTo("*:11211");
        assertThat(SystemError.readable(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 1)))
                .isEqualTo("127.0.0.1:1");
        assertThat(SystemError.readable(new InetSocketAddress(InetAddress.getByName("::1"), 1)))
                .isEqualTo("[0:0:0:0:0:0:0:1]:1");
    }
}
