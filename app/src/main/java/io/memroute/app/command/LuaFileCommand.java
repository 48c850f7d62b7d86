package io.memroute.app.command;

import io.memroute.lua.command.LuaCommand;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code memroute lua}, so that the help names it; {@code Main} passes its words on untouched. */
@Command(name = "lua", description = "Run a Lua file, as the lua command does: memroute lua [options] FILE [args].")
final class LuaFileCommand implements Callable<Integer> {

    @Unmatched
    private List<String> words = List.of();

    @Override
    public Integer call() {
        return LuaCommand.run(words.toArray(String[]::new));
    }
}
