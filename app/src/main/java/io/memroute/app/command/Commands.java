package io.memroute.app.command;

import io.memroute.app.doctor.DoctorCommand;
import io.memroute.app.explain.CheckCommand;
import io.memroute.app.explain.PlanCommand;
import io.memroute.app.explain.ShowCommand;
import io.memroute.app.explain.TestCommand;
import io.memroute.app.explain.VerifyPlacementCommand;
import io.memroute.app.explain.WhyCommand;
import io.memroute.app.generated.GenerateCommand;
import io.memroute.app.importing.ImportCommand;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.PlainCommandLine;
import io.memroute.app.top.TopCommand;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands and their common help. */
@Command(
        name = "memroute",
        description = "A memcached proxy.",
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            InitCommand.class,
            ReloadCommand.class,
            UpgradeCommand.class,
            LuaFileCommand.class,
            CheckCommand.class,
            WhyCommand.class,
            PlanCommand.class,
            TestCommand.class,
            ShowCommand.class,
            ImportCommand.class,
            VerifyPlacementCommand.class,
            TopCommand.class,
            DoctorCommand.class,
            VersionCommand.class,
            TrainCommand.class,
            GenerateCommand.class,
            CommandLine.HelpCommand.class
        },
        exitCodeOnInvalidInput = ExitStatus.USAGE,
        footer = {
            "",
            "A first word with a dash starts memroute as memcached is started: memroute -h lists those options."
        })
public final class Commands implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Does what the words say and returns the exit status. */
    public static int execute(List<String> words) {
        return PlainCommandLine.of(new Commands()).execute(words.toArray(String[]::new));
    }

    @Override
    public Integer call() {
        spec.commandLine().getErr().println("which command?");
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitStatus.USAGE;
    }
}
