package io.memroute.app.importing;

import io.memroute.app.importing.Finding.Fidelity;
import io.memroute.app.log.Terminal;
import io.memroute.app.options.ExitStatus;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code memroute import}: the configuration of another proxy, or a client's list of servers, as memroute's. */
@Command(
        name = "import",
        description = "Convert the configuration of another proxy, and report what differs.",
        footer = {
            "",
            "The configuration goes to standard output or the file of -o, the report to standard error. Exits with 0 "
                    + "if a configuration was written, 1 if the source has errors, 2 if it was written, but not "
                    + "everything has a counterpart and --strict is given."
        },
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class ImportCommand implements Runnable {

    /** The status of {@code --strict} if something of the source has no counterpart. */
    private static final int INCOMPLETE = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** The destination of an import. */
    static final class Output {

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                description = "write the configuration to this file, which must not exist yet")
        private Optional<Path> file = Optional.empty();

        @Option(names = "--strict", description = "exit with 2 if something has no counterpart")
        private boolean strict;

        private int write(Imported imported, String source, String kind) throws IOException {
            if (imported.isEmpty()) {
                Terminal.error(imported.report().text(source));
                throw new ImportException(0, "there is nothing that memroute could serve");
            }
            String lua = imported.lua(source, kind);
            if (file.isPresent()) {
                Files.writeString(file.get(), lua, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            } else {
                Terminal.print(lua);
            }
            Terminal.error(imported.report().text(source));
            return strict && imported.report().count(Fidelity.MISSING) > 0 ? INCOMPLETE : ExitStatus.OK;
        }
    }

    /** Reads a source. */
    private interface Reader {

        Imported read() throws IOException;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which source? mcrouter, twemproxy or servers");
    }

    private static int write(Output output, String source, String kind, Reader reader) {
        try {
            return output.write(reader.read(), source, kind);
        } catch (ImportException e) {
            Terminal.error(e.at(source) + "\n");
            return ExitStatus.FAILURE;
        } catch (NoSuchFileException e) {
            return refuse("no such file: " + e.getMessage());
        } catch (FileAlreadyExistsException e) {
            return refuse("the file exists already: " + e.getMessage());
        } catch (CharacterCodingException e) {
            return refuse(source + ": not UTF-8");
        } catch (IOException e) {
            return refuse("cannot be read or written: " + e.getMessage());
        }
    }

    private static int refuse(String why) {
        Terminal.error("memroute import: " + why + "\n");
        return ExitStatus.USAGE;
    }

    @Command(name = "mcrouter", description = "Import the JSON file of mcrouter.")
    int mcrouter(
            @Parameters(paramLabel = "FILE", description = "the file of mcrouter --config file:FILE") Path file,
            @Option(
                            names = "--default-route",
                            paramLabel = "PREFIX",
                            defaultValue = "/././",
                            description = "the routing prefix of mcrouter -R (default: /././)")
                    String routingPrefix,
            @Option(
                            names = "--param",
                            paramLabel = "NAME=VALUE",
                            description = "a value of mcrouter --config-params, or of a name that mcrouter sets itself")
                    Map<String, String> parameters,
            @CommandLine.Mixin Output output) {
        McrouterImport.Options options =
                new McrouterImport.Options(routingPrefix, Objects.requireNonNullElse(parameters, Map.of()));
        return write(
                output,
                file.toString(),
                "mcrouter",
                () -> McrouterImport.read(
                        Files.readString(file, StandardCharsets.UTF_8), options, path -> imported(file, path)));
    }

    /** The text of a file that another one names: beside the working directory or beside that file. */
    private static Optional<String> imported(Path from, String path) {
        for (Path candidate : List.of(Path.of(path), from.resolveSibling(path))) {
            if (Files.isRegularFile(candidate)) {
                try {
                    return Optional.of(Files.readString(candidate, StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new ImportException(0, candidate + ": cannot be read: " + e.getMessage());
                }
            }
        }
        return Optional.empty();
    }

    @Command(name = "twemproxy", description = "Import the YAML file of twemproxy (nutcracker).")
    int twemproxy(
            @Parameters(paramLabel = "FILE", description = "the file of nutcracker -c") Path file,
            @CommandLine.Mixin Output output) {
        return write(
                output,
                file.toString(),
                "twemproxy",
                () -> TwemproxyImport.read(Files.readString(file, StandardCharsets.UTF_8)));
    }

    @Command(name = "servers", description = "Import the list of servers that clients have.")
    int servers(
            @Parameters(paramLabel = "SERVERS", description = "\"host:port:weight,...\"; port and weight are optional")
                    String servers,
            @Option(
                            names = "--scheme",
                            required = true,
                            paramLabel = "NAME",
                            description = "how the clients place keys: a placement of docs/placement.md")
                    String scheme,
            @Option(names = "--hash", paramLabel = "NAME", description = "their key hash (default: the scheme's)")
                    Optional<String> hash,
            @CommandLine.Mixin Output output) {
        return write(output, "servers", "a client's list", () -> ServersImport.read(servers, scheme, hash));
    }
}
