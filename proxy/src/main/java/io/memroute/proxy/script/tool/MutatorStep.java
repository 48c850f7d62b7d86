package io.memroute.proxy.script.tool;

/** A step of a mutator, which writes one part. It is made with the mutator and never changes. */
@FunctionalInterface
interface MutatorStep {

    /** Stands for an argument that was not given, which is not the same as nil. */
    Object MISSING = new Object();

    /**
     * Writes its part.
     *
     * @param arguments of the mutator: the object written, then the arguments that steps count from 1
     * @return false if the argument is none that the step can use; the draft is then worth nothing
     */
    boolean write(Draft draft, Object[] arguments);

    /** The argument that a step's {@code idx} means. */
    static Object argument(Object[] arguments, int index) {
        return index < arguments.length ? arguments[index] : MISSING;
    }
}
