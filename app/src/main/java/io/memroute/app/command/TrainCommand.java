package io.memroute.app.command;

import io.memroute.app.server.StartTraining;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code memroute train}: what runs while the JVM records an ahead-of-time cache. */
@Command(name = "train", hidden = true, description = "Do what a start does, then exit: for recording an AOT cache.")
final class TrainCommand implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
        StartTraining.run();
        return 0;
    }
}
