package io.memroute.lua.syntax;

import io.memroute.lua.LuaString;
import io.memroute.lua.Metatables;
import org.jspecify.annotations.Nullable;

/**
 * The operators that take values; {@code and}, {@code or} and {@code not} are nodes of their own. Binding powers as in
 * the manual, section 3.4.8.
 */
public enum Operator {
    ADD(10, 10, Metatables.ADD),
    SUB(10, 10, Metatables.SUB),
    MUL(11, 11, Metatables.MUL),
    MOD(11, 11, Metatables.MOD),
    POW(14, 13, Metatables.POW),
    DIV(11, 11, Metatables.DIV),
    IDIV(11, 11, Metatables.IDIV),
    BAND(6, 6, Metatables.BAND),
    BOR(4, 4, Metatables.BOR),
    BXOR(5, 5, Metatables.BXOR),
    SHL(7, 7, Metatables.SHL),
    SHR(7, 7, Metatables.SHR),
    CONCAT(9, 8, Metatables.CONCAT),
    EQ(3, 3, Metatables.EQ),
    LT(3, 3, Metatables.LT),
    LE(3, 3, Metatables.LE),
    NE(3, 3, Metatables.EQ),
    GT(3, 3, Metatables.LT),
    GE(3, 3, Metatables.LE),
    AND(2, 2, null),
    OR(1, 1, null),
    UNM(12, 12, Metatables.UNM),
    BNOT(12, 12, Metatables.BNOT),
    LEN(12, 12, Metatables.LEN),
    NOT(12, 12, null);

    final int left;
    final int right;

    /** The metamethod's event, {@code __add}, unless the operator has none. */
    public final @Nullable LuaString event;

    Operator(int left, int right, @Nullable LuaString event) {
        this.left = left;
        this.right = right;
        this.event = event;
    }

    public boolean isComparison() {
        return ordinal() >= EQ.ordinal() && ordinal() <= GE.ordinal();
    }

    public boolean isBitwise() {
        return ordinal() >= BAND.ordinal() && ordinal() <= SHR.ordinal();
    }
}
