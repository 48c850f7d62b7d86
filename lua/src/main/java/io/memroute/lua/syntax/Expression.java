package io.memroute.lua.syntax;

import io.memroute.lua.LuaString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression. Nodes are compared by identity: each stands for one place in the source. */
public sealed interface Expression extends Site {

    /** nil, a boolean, a number or a string. */
    record Constant(@Nullable Object value, int line) implements Expression {}

    record Varargs(int line) implements Expression {}

    record Function(FunctionBody body, int line) implements Expression {}

    record Local(LocalVariable variable, int line) implements Expression {}

    record Upvalue(UpvalueDescription upvalue, int index, int line) implements Expression {}

    /** {@code object[key]}; a global is a field of {@code _ENV}. */
    record Index(Expression object, Expression key, int line) implements Expression {}

    record Call(Expression function, List<Expression> arguments, int line) implements Expression {}

    record MethodCall(Expression object, LuaString name, List<Expression> arguments, int line) implements Expression {}

    record Unary(Operator operator, Expression operand, int line) implements Expression {}

    record Binary(Operator operator, Expression left, Expression right, int line) implements Expression {}

    /** {@code a .. b .. c}, of at least two operands. */
    record Concat(List<Expression> operands, int line) implements Expression {}

    record And(Expression left, Expression right, int line) implements Expression {}

    record Or(Expression left, Expression right, int line) implements Expression {}

    /** An expression in parentheses, which cut several values down to one. */
    record Parenthesized(Expression inner, int line) implements Expression {}

    /**
     * {@code items} are the positional fields; {@code keys} and {@code values} the others. {@code order} tells where
     * each item stood: see {@link Field}.
     */
    record Table(List<Field> fields, int line) implements Expression {}

    /** One field of a constructor; one without a key is the next item. */
    record Field(@Nullable Expression key, Expression value, int line) {}

    /** Whether it can give several values or none. */
    default boolean isMultiple() {
        return this instanceof Call || this instanceof MethodCall || this instanceof Varargs;
    }
}
