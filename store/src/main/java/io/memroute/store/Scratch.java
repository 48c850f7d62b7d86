package io.memroute.store;

import io.memroute.protocol.LineWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Working memory of a thread for one command, used again for the next: nothing here outlives a command. */
final class Scratch {
    final Key probe = Key.probe();
    final LineWriter writer = new LineWriter();
    final MetaOptions options = new MetaOptions();
    final Storing.Order order = new Storing.Order();
    /** The item that the last storing or counting made. */
    @Nullable
    Item item;
    /** The number that the last counting came to, 64 bits without sign. */
    long number;
    /** {@link StoreTime#now()} of the running command. */
    int now;

    /** The item of a command that has made one. */
    Item made() {
        return Objects.requireNonNull(item, "an item was made");
    }
}
