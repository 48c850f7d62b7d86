package io.memroute.rules;

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
        return BY_MODULE.computeIfAbsent(module, name -> new ClassFileImporter().importPaths(List.of(directory(name))));
    }

    private static Path directory(String module) {
        return Repository.ROOT.resolve(module).resolve("target/classes");
    }
}
