package io.memroute.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages of a module can be put in an order in which each uses only those before it. */
class CyclesTest {

    /** The modules that have cycles. */
    private static final Set<String> EXCEPTIONS = Set.of("app");

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
        if (EXCEPTIONS.contains(module)) {
            assertThat(rule.evaluate(Classes.of(module)).hasViolation())
                    .as("%s has cycles; if not, remove it from the exceptions", module)
                    .isTrue();
        } else {
            rule.check(Classes.of(module));
        }
    }
}
