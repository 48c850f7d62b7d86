package io.memroute.app.generated;

import io.memroute.app.log.Terminal;
import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.explain.editor.ConstantAnnotations;
import io.memroute.proxy.explain.editor.HandlerAnnotations;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code memroute generate}: the files of a package that come from the program itself. */
@Command(
        name = "generate",
        hidden = true,
        description = "Write the manual page, completion and annotations of a package into a directory.",
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class GenerateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIRECTORY", description = "made if it is not there")
    private Path directory;

    @Override
    public Integer call() {
        for (Map.Entry<String, String> file : files().entrySet()) {
            try {
                Path path = directory.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            } catch (IOException e) {
                Terminal.error("memroute generate: " + file.getKey() + ": " + SystemError.text(e) + "\n");
                return ExitStatus.OS_ERROR;
            }
        }
        return ExitStatus.OK;
    }

    /** The files by their path below {@code share}, as packages have them. */
    private Map<String, String> files() {
        CommandLine model = CommandLineModel.of(spec.parent().commandLine());
        Map<String, String> files = new LinkedHashMap<>();
        files.put("man/man1/memroute.1", ManualPage.of(model));
        files.put("bash-completion/completions/memroute", AutoComplete.bash("memroute", model));
        files.put("zsh/site-functions/_memroute", ZshCompletion.of(model));
        files.put("fish/vendor_completions.d/memroute.fish", FishCompletion.of(model));
        files.put("memroute/lua-language-server/handlers.lua", HandlerAnnotations.text());
        files.put("memroute/lua-language-server/constants.lua", ConstantAnnotations.text());
        return files;
    }
}
