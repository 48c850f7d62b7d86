package io.memroute.lua.syntax;

/**
 * An upvalue of a function: where a new closure finds it.
 *
 * @param name the variable's name
 * @param variable the local variable that it is in the end, however many functions further out
 * @param fromLocal whether that variable belongs to the function directly around; else it is an upvalue there too
 * @param outerIndex the index among that function's upvalues, if not {@code fromLocal}
 */
public record UpvalueDescription(String name, LocalVariable variable, boolean fromLocal, int outerIndex) {}
