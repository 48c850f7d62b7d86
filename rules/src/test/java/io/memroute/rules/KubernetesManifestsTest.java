package io.memroute.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The manifests of {@code ops/kubernetes}: each object has the fields that the API's schema has for it and no others,
 * and what one names another has.
 */
class KubernetesManifestsTest {

    private static final Path DIRECTORY = Repository.ROOT.resolve("ops/kubernetes");

    /** Kinds of objects, and the check that is made from the API's schema. */
    private static final Map<String, Check> KINDS = Map.of(
            "apps/v1 Deployment", V1Deployment::validateJsonElement,
            "apps/v1 DaemonSet", V1DaemonSet::validateJsonElement,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "rbac.authorization.k8s.io/v1 Role", V1Role::validateJsonElement,
            "rbac.authorization.k8s.io/v1 RoleBinding", V1RoleBinding::validateJsonElement,
            "v1 Service", V1Service::validateJsonElement,
            "v1 ServiceAccount", V1ServiceAccount::validateJsonElement);

    /** Of the Prometheus Operator, whose schema the API does not have. */
    private static final String SERVICE_MONITOR = "monitoring.coreos.com/v1 ServiceMonitor";

    @FunctionalInterface
    private interface Check {
        /** Throws what does not fit. */
        void of(JsonElement object) throws IOException;
    }

    private static List<Object> documents(Path file) throws IOException {
        List<Object> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(file))
                .forEach(documents::add);
        return documents;
    }

    /** The value at a path of keys and positions; null if there is none. */
    private static Object at(Object value, Object... path) {
        for (Object step : path) {
            value = switch (value) {
                case Map<?, ?> map -> map.get(step);
                case List<?> list -> list.get((Integer) step);
                case null, default -> null;
            };
        }
        return value;
    }

    private static List<?> list(Object value, Object... path) {
        return at(value, path) instanceof List<?> list ? list : List.of();
    }

    /** The files that a kustomization takes together, those of its bases included. */
    private static Set<Path> files(Path kustomization) throws IOException {
        Set<Path> files = new LinkedHashSet<>();
        Path file = kustomization.resolve("kustomization.yaml");
        for (Object resource : list(documents(file).getFirst(), "resources")) {
            Path path = kustomization.resolve(resource.toString()).normalize();
            assertThat(path).as("a resource of " + file).exists();
            if (Files.isDirectory(path)) {
                files.addAll(files(path));
            } else {
                files.add(path);
            }
        }
        for (Object patch : list(documents(file).getFirst(), "patches")) {
            if (at(patch, "path") instanceof String path) {
                assertThat(kustomization.resolve(path)).as("a patch of " + file).exists();
            }
        }
        return files;
    }

    private static List<Object> objects(String variant) throws IOException {
        List<Object> objects = new ArrayList<>();
        for (Path file : files(DIRECTORY.resolve(variant))) {
            objects.addAll(documents(file));
        }
        return objects;
    }

    private static String kind(Object object) {
        return at(object, "apiVersion") + " " + at(object, "kind");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deployment", "daemonset"})
    void fitTheSchemaOfTheApi(String variant) throws IOException {
        for (Object object : objects(variant)) {
            assertThat(KINDS).containsKey(kind(object));
            KINDS.get(kind(object)).of(new Gson().toJsonTree(object));
        }
    }

    @Test
    void aPatchFitsTheSchemaToo() throws IOException {
        V1Service.validateJsonElement(new Gson()
                .toJsonTree(documents(DIRECTORY.resolve("daemonset/node-local.yaml"))
                        .getFirst()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deployment", "daemonset"})
    void nameWhatIsThere(String variant) throws IOException {
        Set<String> names = new HashSet<>();
        objects(variant).forEach(object -> names.add(at(object, "kind") + "/" + at(object, "metadata", "name")));
        Object base = documents(DIRECTORY.resolve("base/kustomization.yaml")).getFirst();
        for (Object generated : list(base, "configMapGenerator")) {
            names.add("ConfigMap/" + at(generated, "name"));
            list(generated, "files")
                    .forEach(file -> assertThat(DIRECTORY.resolve("base").resolve(file.toString()))
                            .exists());
        }
        Object workload = objects(variant).stream()
                .filter(object -> at(object, "spec", "template") != null)
                .findFirst()
                .orElseThrow();
        Object labels = at(workload, "spec", "template", "metadata", "labels");
        Object pod = at(workload, "spec", "template", "spec");
        Object container = at(pod, "containers", 0);

        assertThat(names).contains("ServiceAccount/" + at(pod, "serviceAccountName"));
        for (Object volume : list(pod, "volumes")) {
            if (at(volume, "configMap", "name") instanceof String map) {
                assertThat(names).contains("ConfigMap/" + map);
            }
        }
        assertThat(list(container, "volumeMounts").stream().map(mount -> at(mount, "name")))
                .isSubsetOf(list(pod, "volumes").stream()
                        .map(volume -> at(volume, "name"))
                        .toList());
        List<Object> ports = new ArrayList<>();
        list(container, "ports").forEach(port -> ports.add(at(port, "name")));
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(ports).contains(at(container, probe, "httpGet", "port"));
        }
        assertThat(at(workload, "spec", "selector", "matchLabels")).isEqualTo(labels);
        for (Object object : objects(variant)) {
            switch (kind(object)) {
                case "v1 Service" -> {
                    assertThat(at(object, "spec", "selector")).isEqualTo(labels);
                    list(object, "spec", "ports")
                            .forEach(port -> assertThat(ports).contains(at(port, "targetPort")));
                }
                case "policy/v1 PodDisruptionBudget" ->
                    assertThat(at(object, "spec", "selector", "matchLabels")).isEqualTo(labels);
                case "rbac.authorization.k8s.io/v1 RoleBinding" ->
                    assertThat(names)
                            .contains(
                                    "Role/" + at(object, "roleRef", "name"),
                                    "ServiceAccount/" + at(object, "subjects", 0, "name"));
                default -> {}
            }
        }
    }

    /** The two differ in how they are spread, not in what they run. */
    @Test
    void bothVariantsRunTheSameContainer() throws IOException {
        Object deployment =
                documents(DIRECTORY.resolve("deployment/deployment.yaml")).getFirst();
        Object daemonSet =
                documents(DIRECTORY.resolve("daemonset/daemonset.yaml")).getFirst();
        Object[] container = {"spec", "template", "spec", "containers"};
        assertThat(at(daemonSet, container)).isEqualTo(at(deployment, container));
        Object[] volumes = {"spec", "template", "spec", "volumes"};
        assertThat(at(daemonSet, volumes)).isEqualTo(at(deployment, volumes));
    }

    /** It is out of the service before it accepts nobody, and is not killed before it has ended. */
    @Test
    void aPodHasTheTimeThatItsEndTakes() throws IOException {
        Object pod =
                at(documents(DIRECTORY.resolve("deployment/deployment.yaml")).getFirst(), "spec", "template", "spec");
        Object container = at(pod, "containers", 0);
        int delay = seconds(container, "--drain-delay=", 0);
        int notReady = (Integer) at(container, "readinessProbe", "periodSeconds")
                * (Integer) at(container, "readinessProbe", "failureThreshold");
        assertThat(delay).as("--drain-delay").isGreaterThan(notReady);
        assertThat((Integer) at(pod, "terminationGracePeriodSeconds"))
                .isGreaterThan(delay + seconds(container, "--drain-timeout=", drainTimeout()));
    }

    /** The value of an option of the container. */
    private static int seconds(Object container, String option, int otherwise) {
        return list(container, "args").stream()
                .map(Object::toString)
                .filter(word -> word.startsWith(option))
                .map(word -> Integer.parseInt(word.substring(option.length())))
                .findFirst()
                .orElse(otherwise);
    }

    /** The default, as the operator's guide has it. */
    private static int drainTimeout() throws IOException {
        Matcher row = Pattern.compile("\\| `--drain-timeout` \\| (\\d+) \\|")
                .matcher(Files.readString(Repository.ROOT.resolve("docs/operators-guide.md")));
        assertThat(row.find()).isTrue();
        return Integer.parseInt(row.group(1));
    }

    @Test
    void aServiceMonitorScrapesTheAdminPort() throws IOException {
        Object monitor = documents(DIRECTORY.resolve("service-monitor/service-monitor.yaml"))
                .getFirst();
        assertThat(kind(monitor)).isEqualTo(SERVICE_MONITOR);
        Set<Object> ports = new HashSet<>();
        for (Object object : documents(DIRECTORY.resolve("base/services.yaml"))) {
            list(object, "spec", "ports").forEach(port -> ports.add(at(port, "name")));
        }
        assertThat(ports).contains(at(monitor, "spec", "endpoints", 0, "port"));
    }
}
