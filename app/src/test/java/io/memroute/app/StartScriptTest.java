package io.memroute.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The script {@code memroute} of a source checkout, with a Maven and a Java that only write down how they were called.
 * That the real ones get along is shown by {@code CheckoutIT}.
 */
class StartScriptTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final List<String> MODULES = List.of("lua", "transport", "protocol", "store", "proxy", "app");

    private static final String BUILDING = "building memroute ...\n  proxy (6 of 7)\n";

    @TempDir
    private Path directory;

    private Path checkout;
    private Path programs;
    private Path jdk;

    /** What a run of the script left behind. */
    private record Outcome(int status, String output, String errors, long pid) {}

    @BeforeEach
    void makeACheckout() throws IOException {
        checkout = Files.createDirectory(directory.resolve("check out"));
        Files.createDirectory(checkout.resolve("scripts"));
        for (String file : List.of("memroute", "scripts/find-java.sh", "scripts/maven.sh", "scripts/jvm-options.sh")) {
            Files.copy(REPOSITORY.resolve(file), checkout.resolve(file));
            executable(checkout.resolve(file));
        }
        Files.writeString(checkout.resolve("pom.xml"), "");
        for (String module : MODULES) {
            Path main = Files.createDirectories(checkout.resolve(module).resolve("src/main"));
            Files.writeString(main.resolve("Source.java"), "");
            Files.writeString(checkout.resolve(module).resolve("pom.xml"), "");
        }
        makeOld(checkout);
        programs = Files.createDirectory(directory.resolve("programs"));
        script(programs.resolve("mvn"), """
                echo "$JAVA_HOME" >>"%s"
                echo "[INFO] Building memroute proxy 0.1.0-SNAPSHOT          [6/7]"
                if [[ -e "%s" ]]; then echo "[ERROR] it does not compile"; exit 1; fi
                mkdir -p app/target && echo jar >app/target/memroute.jar
                """.formatted(mavenRuns(), brokenSources()));
        jdk = javaHome("jdk", "25.0.3", true);
    }

    @Test
    void doesWithoutAvx512OnlyForProgramsInLuaAndWhereThereIsAny() throws Exception {
        Path cpu = Path.of("/proc/cpuinfo");
        boolean has = Files.isReadable(cpu) && Files.readString(cpu).contains(" avx512f ");
        assertThat(start(Map.of(), "lua", "program.lua").output().contains("\n-XX:UseAVX=2\n"))
                .isEqualTo(has);
        assertThat(start(Map.of(), "-V").output()).doesNotContain("UseAVX");
    }

    @Test
    void givesProgramsInLuaRoomForYoungObjectsUnlessTheUserSizesTheHeap() throws Exception {
        assertThat(start(Map.of(), "lua", "program.lua").output()).contains("\n-Xmn48m\n");
        assertThat(start(Map.of("MEMROUTE_JAVA_OPTS", "-Xmx40m"), "lua", "program.lua")
                        .output())
                .doesNotContain("-Xmn");
        assertThat(start(Map.of(), "-V").output()).doesNotContain("-Xmn").doesNotContain("AOTReplayTraining");
    }

    @Test
    void buildsOnTheFirstStartOnly() throws Exception {
        Outcome first = start(Map.of(), "-V");
        assertThat(first.errors()).isEqualTo(BUILDING);
        assertThat(first.status()).isZero();
        assertThat(first.output()).contains("-jar\n" + checkout + "/.build/memroute.jar\n-V\n");

        Outcome second = start(Map.of(), "-V");
        assertThat(second.errors()).isEmpty();
        assertThat(second.output()).endsWith("-jar\n" + checkout + "/.build/memroute.jar\n-V\n");
        assertThat(mavenRuns()).hasContent(jdk.toString());
    }

    @Test
    void buildsAgainWhenASourceChanges() throws Exception {
        start(Map.of());
        changed(checkout.resolve("lua/src/main/Source.java"));
        assertThat(start(Map.of()).errors()).isEqualTo(BUILDING);
        assertThat(start(Map.of()).errors()).isEmpty();
    }

    @Test
    void buildsAgainWhenASourceIsRemoved() throws Exception {
        start(Map.of());
        Files.delete(checkout.resolve("proxy/src/main/Source.java"));
        changed(checkout.resolve("proxy/src/main"));
        assertThat(start(Map.of()).errors()).isEqualTo(BUILDING);
    }

    @Test
    void buildsAgainWhenTheBuildItselfChanges() throws Exception {
        start(Map.of());
        changed(checkout.resolve("pom.xml"));
        assertThat(start(Map.of()).errors()).isEqualTo(BUILDING);
    }

    @Test
    void showsWhatMavenSaysWhenTheBuildFails() throws Exception {
        Files.writeString(brokenSources(), "");
        Outcome outcome = start(Map.of(), "-V");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors()).isEqualTo("""
                building memroute ...
                  proxy (6 of 7)
                [ERROR] it does not compile
                memroute: the build failed (log: %s/.build/build.log)
                """.formatted(checkout));

        Files.delete(brokenSources());
        assertThat(start(Map.of(), "-V").status()).isZero();
    }

    @Test
    void startsFromAnAheadOfTimeCacheMadeForThisJava() throws Exception {
        assertThat(start(Map.of()).output()).contains("-XX:AOTCache=" + checkout + "/.build/memroute.aot\n");

        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.4\"\n");
        Files.writeString(checkout.resolve(".build/memroute.aot"), "of the old one");
        Outcome updated = start(Map.of());
        assertThat(updated.errors()).isEmpty();
        assertThat(checkout.resolve(".build/memroute.aot")).hasContent("cache");
    }

    @Test
    void startsWithoutACacheWhenNoneCanBeMade() throws Exception {
        Files.writeString(jdk.resolve("no-cache"), "");
        Outcome outcome = start(Map.of(), "-V");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.output()).doesNotContain("-XX:AOTCache=").endsWith("-V\n");
        assertThat(outcome.errors())
                .isEqualTo(BUILDING
                        + "memroute: no ahead-of-time cache could be made, so starts are slower (log: " + checkout
                        + "/.build/aot.log)\n");
        assertThat(start(Map.of(), "-V").errors()).isEmpty();
    }

    /** Root may write everywhere; a file with the name of the directory stands in its way, too. */
    @Test
    void saysWhatToDoInACheckoutThatItCannotWriteIn() throws Exception {
        Files.writeString(checkout.resolve(".build"), "");
        Outcome outcome = start(Map.of(), "-V");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errors()).isEqualTo("""
                memroute: it has to be built, and %s/.build cannot be written: start it once as a user who may,
                or install what `mvn package` leaves in app/target/memroute-*.tar.gz
                """.formatted(checkout));
    }

    @Test
    void startsWithoutANewCacheWhereItCannotWrite() throws Exception {
        start(Map.of());
        Files.delete(checkout.resolve(".build/lock"));
        Files.createDirectory(checkout.resolve(".build/lock"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.4\"\n");
        Outcome outcome = start(Map.of(), "-V");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.errors()).isEmpty();
    }

    /** A Java that is told to gets a SIGHUP before it has done anything. */
    @Test
    void startsServersThatASighupDoesNotEnd() throws Exception {
        Map<String, String> hangup = Map.of("MEMROUTE_JAVA_OPTS", "-Dhangup");
        assertThat(start(hangup).status()).isZero();
        assertThat(start(hangup, "run", "routes.lua").status()).isZero();
        assertThat(start(hangup, "-p", "11211").status()).isZero();
        int ended = 128 + 1;
        assertThat(start(hangup, "check", "routes.lua").status()).isEqualTo(ended);
    }

    @Test
    void becomesTheJavaProcess() throws Exception {
        start(Map.of());
        Outcome outcome = start(Map.of());
        assertThat(outcome.output()).startsWith("pid " + outcome.pid() + "\n");
    }

    @Test
    void passesArgumentsAsTheyAreAndEndsWithJavasStatus() throws Exception {
        Outcome outcome =
                start(Map.of("MEMROUTE_JAVA_OPTS", "-Xmx1g -Dstatus=7"), "run", "a file.lua", "", "-o", "a=*,b");
        assertThat(outcome.output())
                .contains("-Xmx1g\n-Dstatus=7\n-jar\n")
                .endsWith("\nrun\na file.lua\n\n-o\na=*,b\n");
        assertThat(outcome.status()).isEqualTo(7);
    }

    @Test
    void givesALargeStoreAHeapToLiveIn() throws Exception {
        assertThat(start(Map.of(), "-m", "64").output()).doesNotContain("-Xmx");
        assertThat(start(Map.of(), "-p", "1", "-m", "8192").output()).contains("-Xmx10752m\n");
        assertThat(start(Map.of(), "-m8192", "-v").output()).contains("-Xmx10752m\n");
        assertThat(start(Map.of(), "--memory-limit=8192").output()).contains("-Xmx10752m\n");
        assertThat(start(Map.of("MEMROUTE_JAVA_OPTS", "-Xmx9g"), "-m", "8192").output())
                .contains("-Xmx10752m\n-XX:", "\n-Xmx9g\n-jar\n");
    }

    /** Of a machine or a control group. Buffers outside of the heap may take as much again: 0 says so. */
    @ParameterizedTest
    @CsvSource({"256m, 86", "512m, 128", "2g, 512", "256g, 30718"})
    void theHeapIsAPartOfTheMemoryThatLeavesRoomForTheRest(String memory, int megabytes) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        start(Map.of(), "run")
                .output()
                .lines()
                .filter(word -> word.startsWith("-X") && !word.contains("aot") && !word.contains("AOT"))
                .forEach(command::add);
        command.addAll(List.of("-XX:MaxRAM=" + memory, "-XX:+PrintFlagsFinal", "-version"));
        assertThat(run(directory, Map.of(), command).output())
                .containsPattern("MaxHeapSize += " + ((long) megabytes << 20) + " ")
                .containsPattern("MaxDirectMemorySize += 0 ");
    }

    @Test
    void givesWayToTheOperatorsCollector() throws Exception {
        assertThat(start(Map.of()).output()).contains("-XX:+UseSerialGC\n");
        assertThat(start(Map.of("MEMROUTE_JAVA_OPTS", "-Xmx9g -XX:+UseZGC")).output())
                .doesNotContain("UseSerialGC")
                .contains("-XX:+UseZGC\n");
    }

    /** Where they are forbidden the JVM would warn at each start. */
    @Test
    void usesHugePagesUnlessTheSystemForbidsThem() throws Exception {
        Path setting = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        boolean allowed =
                Files.isReadable(setting) && !Files.readString(setting).contains("[never]");
        assertThat(start(Map.of()).output().contains("-XX:+UseTransparentHugePages\n"))
                .isEqualTo(allowed);
    }

    @Test
    void worksThroughSymbolicLinksFromAnyDirectory() throws Exception {
        Path links = Files.createDirectory(directory.resolve("links"));
        Files.createSymbolicLink(links.resolve("absolute"), checkout.resolve("memroute"));
        Files.createSymbolicLink(links.resolve("relative"), Path.of("absolute"));
        Outcome outcome = run(links, Map.of("JAVA_HOME", jdk.toString()), List.of("./relative", "-V"));
        assertThat(outcome.status()).isZero();
        assertThat(outcome.output()).contains(checkout + "/.build/memroute.jar");
        assertThat(links.resolve(".build")).doesNotExist();
    }

    @Test
    void prefersTheJavaItIsTold() throws Exception {
        Path told = javaHome("told", "25", true);
        start(Map.of("MEMROUTE_JAVA_HOME", told.toString()));
        assertThat(mavenRuns()).hasContent(told.toString());
    }

    @Test
    void refusesToBeToldAnotherJava() throws Exception {
        Path old = javaHome("old", "17.0.15", true);
        Outcome outcome = start(Map.of("MEMROUTE_JAVA_HOME", old.toString()));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errors())
                .isEqualTo(
                        "memroute: MEMROUTE_JAVA_HOME=" + old + " is no JDK 25 or later:\n  " + old + " (Java 17)\n");
    }

    @Test
    void passesOverAnOlderJavaHomeForTheJavaOnThePath() throws Exception {
        Path old = javaHome("old", "17.0.15", true);
        Files.createSymbolicLink(programs.resolve("java"), Path.of("../alternatives"));
        Files.createSymbolicLink(directory.resolve("alternatives"), jdk.resolve("bin/java"));
        start(Map.of("JAVA_HOME", old.toString()));
        assertThat(mavenRuns()).hasContent(jdk.toString());
    }

    @Test
    void asksAJavaWithoutAReleaseFileForItsVersion() throws Exception {
        Files.delete(jdk.resolve("release"));
        assertThat(start(Map.of(), "-V").status()).isZero();
        assertThat(mavenRuns()).hasContent(jdk.toString());
    }

    @Test
    void wantsACompilerAndNotOnlyARuntime() throws Exception {
        Path runtime = javaHome("runtime", "25.0.3", false);
        Outcome outcome = start(Map.of("MEMROUTE_JAVA_HOME", runtime.toString()));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errors())
                .isEqualTo("memroute: MEMROUTE_JAVA_HOME=" + runtime + " is no JDK 25 or later:\n  " + runtime
                        + " (Java 25, without a compiler)\n");
    }

    @Test
    void takesALaterJava() throws Exception {
        Path later = javaHome("later", "27.0.1", true);
        start(Map.of("MEMROUTE_JAVA_HOME", later.toString()));
        assertThat(mavenRuns()).hasContent(later.toString());
    }

    /** On a machine whose usual places are empty. */
    @Test
    void saysWhichJavasItFoundIfNoneFits() throws Exception {
        Path old = javaHome("old", "17.0.15", true);
        Path runtime = javaHome("runtime", "26", false);
        Files.createSymbolicLink(programs.resolve("java"), runtime.resolve("bin/java"));
        Outcome outcome = run(
                directory,
                Map.of("JAVA_HOME", old.toString()),
                List.of(
                        "bash",
                        "-c",
                        "source '" + checkout + "/scripts/find-java.sh'; use_java_in_usual_places() { false; };"
                                + " find_java jdk"));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errors())
                .startsWith("memroute: no JDK 25 or later found.\n")
                .contains("What is there does not fit:\n  " + old + " (Java 17, from JAVA_HOME)\n  " + runtime
                        + " (Java 26, without a compiler, from java on the PATH)\nTo get one:\n");
    }

    private Path mavenRuns() {
        return directory.resolve("maven-runs");
    }

    private Path brokenSources() {
        return directory.resolve("broken");
    }

    /** A Java that makes a cache when asked to, and otherwise prints its process id and its arguments, one a line. */
    private Path javaHome(String name, String version, boolean compiler) throws IOException {
        Path home = directory.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        script(home.resolve("bin/java"), """
                if [[ $1 == -version ]]; then echo 'openjdk version "%s" 2026-01-01' >&2; exit; fi
                status=0
                for word; do
                  case $word in
                    -XX:AOTCacheOutput=*)
                      if [[ -e "%s/no-cache" ]]; then exit 1; fi
                      echo cache >"${word#*=}"; exit ;;
                    -Dhangup) kill -HUP $$ ;;
                    -Dstatus=*) status=${word#*=} ;;
                  esac
                done
                echo "pid $$"
                printf '%%s\\n' "$@"
                exit $status
                """.formatted(version, home));
        if (compiler) {
            script(home.resolve("bin/javac"), "");
        }
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"A Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    /** SIGHUP ends what runs in the script, as it does where nothing ignores it; under nohup the tests inherit that. */
    private Outcome start(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/env",
                "--default-signal=HUP",
                checkout.resolve("memroute").toString()));
        command.addAll(List.of(arguments));
        Map<String, String> all = new HashMap<>(Map.of("JAVA_HOME", jdk.toString()));
        all.putAll(environment);
        return run(directory, all, command);
    }

    private Outcome run(Path where, Map<String, String> environment, List<String> command) throws Exception {
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", programs + ":/usr/bin:/bin");
        builder.environment().put("HOME", directory.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended in time").isTrue();
        return new Outcome(
                process.exitValue(), Files.readString(output, UTF_8), Files.readString(errors, UTF_8), process.pid());
    }

    /** Gives what is in a directory times long before the test. */
    private static void makeOld(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
            }
        }
    }

    /**
     * Makes a file newer than the last build, as an edit does: by moving the build back, without waiting for the clock.
     */
    private void changed(Path file) throws IOException {
        Instant now = Instant.now();
        Files.setLastModifiedTime(checkout.resolve(".build/built"), FileTime.from(now.minusSeconds(20)));
        Files.setLastModifiedTime(file, FileTime.from(now.minusSeconds(10)));
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/usr/bin/env bash\n" + body);
        executable(file);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
