package io.memroute.lua.syntax;

import io.memroute.lua.LuaNumber;
import io.memroute.lua.runtime.Arithmetic;
import org.jspecify.annotations.Nullable;

/**
 * Computes operators on numeric constants while reading, where the result is safe: no error, no metamethod, no NaN and
 * no zero float (whose sign could be lost).
 */
final class ConstantFolding {
    private ConstantFolding() {}

    private static @Nullable Object number(Expression e) {
        return e instanceof Expression.Constant c && (c.value() instanceof Long || c.value() instanceof Double)
                ? c.value()
                : null;
    }

    private static boolean safe(Object result) {
        return !(result instanceof Double d) || !d.isNaN() && d != 0;
    }

    static Expression unary(Operator op, Expression operand, int line) {
        Object x = number(operand);
        if (x != null && op == Operator.UNM) {
            Object r = Arithmetic.unm(null, x);
            if (safe(r)) {
                return new Expression.Constant(r, line);
            }
        } else if (x != null && op == Operator.BNOT) {
            Long integer = LuaNumber.toInteger(x);
            if (integer != null) {
                return new Expression.Constant(~integer, line);
            }
        }
        return new Expression.Unary(op, operand, line);
    }

    static Expression binary(Operator op, Expression left, Expression right, int line) {
        Object x = number(left);
        Object y = number(right);
        if (x != null && y != null) {
            Object r = fold(op, x, y);
            if (r != null && safe(r)) {
                return new Expression.Constant(r, line);
            }
        }
        return new Expression.Binary(op, left, right, line);
    }

    private static @Nullable Object fold(Operator op, Object x, Object y) {
        if (op.isBitwise()) {
            if (LuaNumber.toInteger(x) == null || LuaNumber.toInteger(y) == null) {
                return null;
            }
        }
        boolean zeroDivisor = y instanceof Long n ? n == 0 : (Double) y == 0;
        return switch (op) {
            case ADD -> Arithmetic.add(null, x, y);
            case SUB -> Arithmetic.sub(null, x, y);
            case MUL -> Arithmetic.mul(null, x, y);
            case MOD -> zeroDivisor ? null : Arithmetic.mod(null, x, y);
            case IDIV -> zeroDivisor ? null : Arithmetic.idiv(null, x, y);
            case DIV -> zeroDivisor ? null : Arithmetic.div(null, x, y);
            case POW -> Arithmetic.pow(null, x, y);
            case BAND -> Arithmetic.band(null, x, y);
            case BOR -> Arithmetic.bor(null, x, y);
            case BXOR -> Arithmetic.bxor(null, x, y);
            case SHL -> Arithmetic.shl(null, x, y);
            case SHR -> Arithmetic.shr(null, x, y);
            default -> null;
        };
    }
}
