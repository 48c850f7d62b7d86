package io.memroute.proxy.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class NearestNameTest {

    @ParameterizedTest
    @CsvSource({
        "main,main,0",
        "mian,main,1",
        "man,main,1",
        "maain,main,1",
        "maim,main,1",
        "ca,abc,3",
        "'',abc,3",
        "connectoins,connections,1",
        "kitten,sitting,3"
    })
    void countsInsertedMissingWrongAndSwappedCharacters(String a, String b, int mistakes) {
        assertThat(NearestName.mistakes(a, b)).isEqualTo(mistakes);
        assertThat(NearestName.mistakes(b, a)).isEqualTo(mistakes);
    }

    @Test
    void suggestsTheNearestName() {
        assertThat(NearestName.hint("mian", List.of("gutter", "main", "mainz"))).isEqualTo(" (did you mean \"main\"?)");
    }

    @Test
    void suggestsNothingThatIsFarAway() {
        assertThat(NearestName.hint("users", List.of("main", "gutter"))).isEmpty();
        assertThat(NearestName.hint("a", List.of("b"))).isEmpty();
        assertThat(NearestName.hint("x", List.of())).isEmpty();
    }

    @Test
    void takesANameThatIsTheBeginningOfTheOtherForNear() {
        assertThat(NearestName.of("children", List.of("child", "wait"))).contains("child");
        assertThat(NearestName.of("conn", List.of("connections", "down"))).contains("connections");
        assertThat(NearestName.of("con", List.of("connections", "down"))).isEmpty();
    }

    @Test
    void doesNotCountCase() {
        assertThat(NearestName.of("GET", List.of("get", "set"))).contains("get");
    }

    @Test
    void takesTheAlphabeticallyFirstOfEquallyNearNames() {
        assertThat(NearestName.of("poolc", List.of("poolb", "poola"))).contains("poola");
    }
}
