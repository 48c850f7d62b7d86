package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.memroute.proxy.hash.Scheme;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A library in another language, asked by a program in {@code bench/placement}: it reads keys from a file and questions
 * from its input, a line each, and answers each question with a line of places.
 *
 * @param test a command that succeeds where the library is installed
 * @param install the command that installs what it takes
 * @param build a command that makes the program in the temporary directory; empty if there is nothing to make
 * @param command the program; the path of the keys is put after it. The property {@code placement.program.NAME} names
 *     another one that answers in the same way, with the first word of the oracle's name
 * @param played whether it really connects, so that servers have to be played
 */
record ScriptOracle(
        String name,
        List<Scheme> schemes,
        List<String> hashesItLacks,
        RandomPools.Hosts hosts,
        boolean binaryKeys,
        List<String> test,
        String install,
        List<String> build,
        List<String> command,
        boolean played,
        Map<String, String> environment)
        implements Oracle {

    private static final Path DIRECTORY = directory();
    private static final Path BUILT = built();
    private static final String PYTHON = "/usr/bin/python3";

    static List<ScriptOracle> all() {
        return List.of(
                new ScriptOracle(
                        "libmemcached",
                        List.of(
                                Libmemcached.MODULA,
                                Libmemcached.KETAMA,
                                Libmemcached.KETAMA_WEIGHTED,
                                Libmemcached.KETAMA_SPY),
                        List.of("hsieh"),
                        RandomPools.Hosts.ANY,
                        true,
                        List.of("test", "-e", "/usr/include/libmemcached/memcached.h"),
                        "apt-get install -y gcc libc6-dev libmemcached-dev",
                        List.of("gcc", "-O2", "-o", built("libmemcached"), script("libmemcached.c"), "-lmemcached"),
                        List.of(built("libmemcached")),
                        false,
                        Map.of()),
                new ScriptOracle(
                        "pylibmc",
                        List.of(Libmemcached.MODULA, Libmemcached.KETAMA, Libmemcached.KETAMA_WEIGHTED),
                        List.of("hsieh", "jenkins", "murmur3"),
                        RandomPools.Hosts.LOOPBACK,
                        false,
                        List.of(PYTHON, "-c", "import pylibmc"),
                        "apt-get install -y python3-pylibmc",
                        List.of(),
                        List.of(PYTHON, script("pylibmc_oracle.py")),
                        true,
                        Map.of()),
                new ScriptOracle(
                        "php-memcached",
                        List.of(Libmemcached.MODULA, Libmemcached.KETAMA, Libmemcached.KETAMA_WEIGHTED),
                        List.of("hsieh", "jenkins", "murmur3"),
                        RandomPools.Hosts.ANY,
                        false,
                        List.of("php", "-r", "exit(class_exists('Memcached') ? 0 : 1);"),
                        "apt-get install -y php-cli php-memcached",
                        List.of(),
                        List.of("php", script("php_memcached.php")),
                        false,
                        Map.of()),
                new ScriptOracle(
                        "php-memcache",
                        List.of(PeclMemcache.CONSISTENT, PeclMemcache.STANDARD),
                        List.of(),
                        RandomPools.Hosts.LOOPBACK,
                        false,
                        List.of("php", "-r", "exit(class_exists('MemcachePool') ? 0 : 1);"),
                        "apt-get install -y php-cli php-memcache",
                        List.of(),
                        List.of("php", script("php_memcache.php")),
                        true,
                        Map.of()),
                new ScriptOracle(
                        "pymemcache",
                        List.of(Pymemcache.STR, Pymemcache.BYTES),
                        List.of(),
                        RandomPools.Hosts.ANY,
                        false,
                        List.of(PYTHON, "-c", "import pymemcache"),
                        "apt-get install -y python3-pymemcache",
                        List.of(),
                        List.of(PYTHON, script("pymemcache_oracle.py")),
                        false,
                        Map.of()),
                new ScriptOracle(
                        "python-memcached",
                        List.of(PythonMemcached.SCHEME),
                        List.of(),
                        RandomPools.Hosts.ANY,
                        true,
                        List.of(PYTHON, "-c", "import memcache"),
                        "apt-get install -y python3-memcache",
                        List.of(),
                        List.of(PYTHON, script("python_memcached_oracle.py")),
                        false,
                        Map.of()),
                new ScriptOracle(
                        "Dalli",
                        List.of(io.memroute.proxy.hash.scheme.Dalli.SCHEME),
                        List.of(),
                        RandomPools.Hosts.ANY,
                        true,
                        List.of("ruby", "-e", "require 'dalli'"),
                        "apt-get install -y ruby ruby-dalli",
                        List.of(),
                        List.of("ruby", script("dalli.rb")),
                        false,
                        Map.of()),
                new ScriptOracle(
                        "gomemcache",
                        List.of(Gomemcache.SCHEME),
                        List.of(),
                        RandomPools.Hosts.ADDRESSES,
                        true,
                        List.of("test", "-e", "/usr/share/gocode/src/github.com/bradfitz/gomemcache"),
                        "apt-get install -y golang-go golang-github-bradfitz-gomemcache-dev",
                        List.of("go", "build", "-o", built("gomemcache"), script("gomemcache.go")),
                        List.of(built("gomemcache")),
                        false,
                        Map.of("GO111MODULE", "off", "GOPATH", "/usr/share/gocode", "GOCACHE", built("go-cache"))),
                new ScriptOracle(
                        "memjs, memcached and hashring of npm",
                        List.of(Memjs.SCHEME, Hashring.MEMCACHED, Hashring.PLAIN, Hashring.LIKE_PYTHON),
                        List.of(),
                        RandomPools.Hosts.ANY,
                        false,
                        List.of("node", "-e", "require('memjs'); require('memcached'); require('hashring')"),
                        "scripts/install-npm-clients",
                        List.of(),
                        List.of("node", script("node.js")),
                        false,
                        Map.of("NODE_PATH", script("../../.build/npm/node_modules"))),
                new ScriptOracle(
                        "EVCache",
                        List.of(io.memroute.proxy.hash.scheme.Evcache.SCHEME),
                        List.of(),
                        RandomPools.Hosts.ADDRESSES,
                        false,
                        List.of("test", "-e", script("evcache.classpath")),
                        "mvn -q -f bench/placement/evcache.xml dependency:build-classpath"
                                + " -Dmdep.outputFile=evcache.classpath",
                        List.of(),
                        List.of(
                                "sh",
                                "-c",
                                "exec \"$0\" -cp \"$(cat \"$1\")\" \"$2\" \"$3\"",
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                script("evcache.classpath"),
                                script("Evcache.java")),
                        false,
                        Map.of()),
                recomputed(
                        "mcrouter",
                        Stream.of("ch3", "crc32", "weighted-ch3", "rendezvous", "weighted-rendezvous", "const-shard")
                                .map(scheme ->
                                        Schemes.named("mcrouter-" + scheme).orElseThrow())
                                .toList()),
                recomputed("Thanos", List.of(Thanos.SCHEME)));
    }

    /** Two that are not installed anywhere: a second program, written from the same description, answers for them. */
    private static ScriptOracle recomputed(String name, List<Scheme> schemes) {
        return new ScriptOracle(
                name,
                schemes,
                List.of(),
                RandomPools.Hosts.ANY,
                true,
                List.of("test", "-e", "/usr/include/xxhash.h"),
                "apt-get install -y gcc libc6-dev libxxhash-dev",
                List.of("gcc", "-O2", "-o", built("recomputed"), script("recomputed.c"), "-lm"),
                List.of(built("recomputed")),
                false,
                Map.of());
    }

    @Override
    public boolean installed() {
        return succeeds(test) && (build.isEmpty() || succeeds(build));
    }

    /** pylibmc sets md5 with {@code ketama_weighted}, whatever its behaviors say. */
    @Override
    public List<String> hashes(Scheme scheme) {
        if (name.equals("pylibmc") && scheme == Libmemcached.KETAMA_WEIGHTED) {
            return List.of("md5");
        }
        return scheme.hashes().keySet().stream()
                .filter(hash -> otherProgram().isPresent() || !hashesItLacks.contains(hash))
                .toList();
    }

    @Override
    public boolean names() {
        return name.equals("mcrouter");
    }

    @Override
    public List<int[]> places(List<Question> questions, List<byte[]> keys) throws IOException, InterruptedException {
        Path keyFile = Files.createTempFile(BUILT, "keys", ".txt");
        List<int[]> all = new ArrayList<>();
        try {
            Files.writeString(
                    keyFile,
                    keys.stream().map(HexFormat.of()::formatHex).collect(Collectors.joining("\n", "", "\n")),
                    US_ASCII);
            List<String> words = new ArrayList<>(otherProgram().map(List::of).orElse(command));
            words.add(keyFile.toString());
            Process process = process(words)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader answers = process.inputReader(US_ASCII);
                    var asked = process.outputWriter(US_ASCII)) {
                for (Question question : questions) {
                    try (PlayedServers servers = PlayedServers.of(played ? question.servers() : List.of())) {
                        asked.write(question.line() + "\n");
                        asked.flush();
                        String answer = answers.readLine();
                        if (answer == null) {
                            throw new IOException(name + " does not answer " + question.line());
                        }
                        all.add(Arrays.stream(answer.split(" "))
                                .mapToInt(Integer::parseInt)
                                .toArray());
                    }
                }
            } finally {
                process.destroy();
                process.waitFor();
            }
        } finally {
            Files.delete(keyFile);
        }
        return all;
    }

    private Optional<String> otherProgram() {
        return Optional.ofNullable(System.getProperty("placement.program." + name.split("\\W", 2)[0]));
    }

    private boolean succeeds(List<String> words) {
        try {
            Process process = process(words)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private ProcessBuilder process(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words).directory(BUILT.toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    private static String script(String file) {
        return DIRECTORY.resolve(file).toString();
    }

    private static String built(String file) {
        return BUILT.resolve(file).toString();
    }

    private static Path directory() {
        for (File at = new File("").getAbsoluteFile(); at != null; at = at.getParentFile()) {
            Path found = at.toPath().resolve("bench/placement");
            if (Files.isDirectory(found)) {
                return found;
            }
        }
        throw new IllegalStateException("bench/placement is not here nor above");
    }

    private static Path built() {
        try {
            Path made = Files.createTempDirectory("placement");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteAll(made)));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteAll(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
