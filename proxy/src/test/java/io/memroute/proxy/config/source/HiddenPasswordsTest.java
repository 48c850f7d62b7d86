package io.memroute.proxy.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HiddenPasswordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            user = "p", password = "s3cret" }, x = 1;   user = "p", password = ******** }, x = 1
            ["password"]='s3cret';                      ["password"]=********
            password = [[s3cret]];                      password = **********
            password = "s3cr;                           password = *****
            password = "s3\\"cr" };                      password = ******** }
            password = "s3" .. "cret";                  password = **************
            password = [=[s3cret]=];                    password = ************
            cache_password = "s3cret";                  cache_password = ********
            pasword = "s3cret", x = "1";                pasword = ********, x = "1"
            local passphrase = 's3cret';                local passphrase = ********
            password_file = "/etc/p";                   password_file = "/etc/p"
            password = os.getenv("P");                  password = os.getenv("P")
            """)
    void hidesThemAndNothingElse(String line, String shown) {
        assertThat(HiddenPasswords.in(line)).isEqualTo(shown);
    }
}
