package io.memroute.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages of a module can be put in an order in which each uses only those before it. */
class CyclesTest {

    private static final SliceAssignment BY_PACKAGE = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    };

    static List<String> modules() {
        return Repository.MODULES.stream().filter(name -> !name.equals("rules")).toList();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void thePackagesOfAModuleHaveAnOrder(String module) {
        ArchRule rule =
                SlicesRuleDefinition.slices().assignedFrom(BY_PACKAGE).should().beFreeOfCycles();
        rule.check(Classes.of(module));
    }
}
