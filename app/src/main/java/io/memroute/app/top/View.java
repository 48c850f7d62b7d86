package io.memroute.app.top;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The subjects of the table, each with its key. */
enum View {
    ALL('1', Section.POOLS, Section.SERVERS, Section.KEYS),
    POOLS('2', Section.POOLS),
    SERVERS('3', Section.SERVERS),
    KEYS('4', Section.KEYS),
    ROUTES('5', Section.ROUTES, Section.COMMANDS),
    CLIENTS('6', Section.CLIENTS, Section.IDENTITIES, Section.WORKERS);

    private final char key;
    private final List<Section> sections;

    View(char key, Section... sections) {
        this.key = key;
        this.sections = List.of(sections);
    }

    char key() {
        return key;
    }

    List<Section> sections() {
        return sections;
    }

    static Optional<View> of(int key) {
        return Stream.of(values()).filter(view -> view.key == key).findFirst();
    }
}
