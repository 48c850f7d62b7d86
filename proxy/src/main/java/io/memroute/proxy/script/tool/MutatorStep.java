package io.memroute.proxy.script.tool;

/** One part of what a mutator writes. Made when the mutator is; nothing captured there changes later. */
@FunctionalInterface
interface MutatorStep {

    /** Stands for an argument that was not given, which is not the same as nil. */
    Object MISSING = new Object();

    /**
     * Writes its part.
     *
     * @param arguments of the mutator: the object that is written, then what steps count from 1
     * @return false if the argument is none that the step can use; the draft is then worth nothing
     */
    boolean write(Draft draft, Object[] arguments);

    /** The argument that a step's {@code idx} means. */
    static Object argument(Object[] arguments, int index) {
        return index < arguments.length ? arguments[index] : MISSING;
    }
}
