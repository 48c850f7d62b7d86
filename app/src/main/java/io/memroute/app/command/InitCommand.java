package io.memroute.app.command;

import io.memroute.app.log.Terminal;
import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code memroute init}: a configuration to start from. */
@Command(
        name = "init",
        description = "Write a configuration to start from, with comments. A file that is there stays as it is.",
        exitCodeOnInvalidInput = ExitStatus.USAGE)
final class InitCommand implements Callable<Integer> {

    /** {@code examples/starter.lua}. */
    private static final String STARTER = "starter.lua";

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "memroute.lua",
            description = "where to write it (default: memroute.lua)")
    private Path file;

    @Override
    public Integer call() {
        try (InputStream starter = InitCommand.class.getResourceAsStream(STARTER)) {
            Files.copy(starter, file);
        } catch (FileAlreadyExistsException e) {
            return refuse("exists already; nothing was written");
        } catch (IOException e) {
            return refuse(SystemError.text(e));
        }
        Terminal.print("wrote " + file + "; enter your servers, then run: memroute check " + file + "\n");
        return ExitStatus.OK;
    }

    private int refuse(String reason) {
        Terminal.error("memroute init: " + file + ": " + reason + "\n");
        return ExitStatus.FAILURE;
    }
}
