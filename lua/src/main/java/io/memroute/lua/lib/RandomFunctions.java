package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.text.Xoshiro256;
import java.util.concurrent.ThreadLocalRandom;

/**
 * {@code random} and {@code randomseed} of the {@code math} library (manual section 6.7): each state has its generator,
 * seeded at random.
 */
final class RandomFunctions {
    private RandomFunctions() {}

    static void addTo(LuaTable library) {
        ThreadLocalRandom seeds = ThreadLocalRandom.current();
        Xoshiro256 generator = new Xoshiro256(seeds.nextLong(), seeds.nextLong());
        library.put("random", new Random(generator));
        library.put("randomseed", new RandomSeed(generator));
    }

    private static final class Random extends VarFunction {
        private final Xoshiro256 generator;

        Random(Xoshiro256 generator) {
            super("random");
            this.generator = generator;
        }

        @Override
        public Object call(LuaState L) {
            return Xoshiro256.toFloat(generator.next());
        }

        @Override
        public Object call(LuaState L, Object high) {
            long random = generator.next();
            long limit = Args.integer(L, high, 1);
            return limit == 0 ? (Object) random : (Object) project(L, random, 1, limit, 1);
        }

        @Override
        public Object call(LuaState L, Object low, Object high) {
            long random = generator.next();
            long from = Args.integer(L, low, 1);
            return project(L, random, from, Args.integer(L, high, 2), 1);
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            return switch (args.length) {
                case 0 -> call(L);
                case 1 -> call(L, args[0]);
                case 2 -> call(L, args[0], args[1]);
                default -> throw wrongCount(L);
            };
        }

        @Override
        public Object call(LuaState L, Object a, Object b, Object c) {
            throw wrongCount(L);
        }

        private RuntimeException wrongCount(LuaState L) {
            generator.next();
            return L.error("wrong number of arguments");
        }

        private long project(LuaState L, long random, long low, long high, int argument) {
            if (low > high) {
                throw Args.bad(L, argument, "interval is empty");
            }
            return generator.project(random, low, high);
        }
    }

    private static final class RandomSeed extends VarFunction {
        private final Xoshiro256 generator;

        RandomSeed(Xoshiro256 generator) {
            super("randomseed");
            this.generator = generator;
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            long first;
            long second;
            if (args.length == 0) {
                first = ThreadLocalRandom.current().nextLong();
                second = ThreadLocalRandom.current().nextLong();
            } else {
                first = Args.integer(L, args, 1);
                second = Args.optInteger(L, args, 2, 0);
            }
            generator.seed(first, second);
            return Results.of(first, second);
        }
    }
}
