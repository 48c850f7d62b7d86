package io.memroute.proxy.route.choice;

import io.memroute.proxy.hash.KeyFraction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An order of children that depends on this host's name: the same for all workers and after every restart, another on
 * other hosts, so that each host has a first choice and all hosts together use every child for its weight's share.
 */
public final class HostOrder {

    private HostOrder() {}

    /** The children's positions, first choice first. */
    public static int[] of(String host, String salt, List<Double> weights) {
        ByteBuf text = Unpooled.copiedBuffer(host + '\n' + salt, StandardCharsets.UTF_8);
        long hash = KeyFraction.hash(text, 0, text.readableBytes());
        List<Integer> positions = new ArrayList<>();
        double[] draws = new double[weights.size()];
        for (int i = 0; i < draws.length; i++) {
            positions.add(i);
            // As WeightedChoice: exponential draws with the weights as rates, smallest first.
            draws[i] = -Math.log(1 - KeyFraction.ofHash(WeightedChoice.mix(hash ^ WeightedChoice.mix(i + 1L))))
                    / weights.get(i);
        }
        positions.sort(Comparator.comparingDouble(i -> draws[i]));
        return positions.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The name this host goes by, without asking the network. */
    public static String localName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            String name = System.getenv("HOSTNAME");
            return name == null ? "" : name;
        }
    }
}
