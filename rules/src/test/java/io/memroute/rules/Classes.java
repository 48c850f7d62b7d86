package io.memroute.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The compiled main classes of each module. */
final class Classes {

    private static final Map<String, JavaClasses> BY_MODULE = new TreeMap<>();

    private Classes() {}

    static JavaClasses of(String module) {
        return BY_MODULE.computeIfAbsent(module, Classes::read);
    }

    /** A module that is not compiled would keep every rule. */
    private static JavaClasses read(String module) {
        JavaClasses classes = new ClassFileImporter().importPaths(List.of(directory(module)));
        assertThat(classes).as("compiled classes of " + module).isNotEmpty();
        return classes;
    }

    private static Path directory(String module) {
        return Repository.ROOT.resolve(module).resolve("target/classes");
    }
}
