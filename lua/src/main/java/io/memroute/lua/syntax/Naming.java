package io.memroute.lua.syntax;

import io.memroute.lua.CallLevel.Name;
import io.memroute.lua.LuaString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The names that messages use for values and functions, derived from the code that uses them, as C Lua derives them
 * from its instructions.
 */
public final class Naming {

    private Naming() {}

    /** The name for the value of an expression, if it has one. */
    public static @Nullable Name of(Expression e) {
        return switch (e) {
            case Expression.Local l -> new Name("local", l.variable().name);
            case Expression.Upvalue u -> new Name("upvalue", u.upvalue().name());
            case Expression.Constant c when c.value() instanceof LuaString s -> new Name("constant", text(s));
            case Expression.MethodCall m -> new Name("method", text(m.name()));
            case Expression.Index i -> field(i);
            default -> null;
        };
    }

    private static Name field(Expression.Index i) {
        if (i.key() instanceof Expression.Constant c && c.value() instanceof LuaString s) {
            return new Name(isEnvironment(i.object()) ? "global" : "field", text(s));
        }
        if (i.key() instanceof Expression.Constant c && c.value() instanceof Long n && n >= 0 && n < 256) {
            return new Name("field", "integer index");
        }
        return new Name("field", "?");
    }

    private static boolean isEnvironment(Expression e) {
        return switch (e) {
            case Expression.Local l -> l.variable().name.equals("_ENV");
            case Expression.Upvalue u -> u.upvalue().name().equals("_ENV");
            default -> false;
        };
    }

    private static String text(LuaString s) {
        return new String(s.bytes(), StandardCharsets.ISO_8859_1);
    }

    /** The name of the function called at {@code site}, if the code gives one. */
    public static @Nullable Name called(Site site) {
        return switch (site) {
            case Site.TailCall t -> called(t.call());
            case Expression.Call c -> of(c.function());
            case Expression.MethodCall m -> of(m);
            case Statement.GenericFor g -> new Name("for iterator", "for iterator");
            case Expression.Index i -> metamethod("index");
            case Site.Store s -> metamethod("newindex");
            case Expression.Binary b ->
                b.operator().event == null
                        ? null
                        : metamethod(text(b.operator().event).substring(2));
            case Expression.Unary u ->
                u.operator().event == null
                        ? null
                        : metamethod(text(u.operator().event).substring(2));
            case Expression.Concat c -> metamethod("concat");
            case Site.Closing c -> metamethod("close");
            case null, default -> null;
        };
    }

    private static Name metamethod(String event) {
        return new Name("metamethod", event);
    }

    /** The name of the operand at {@code index} of the operation at {@code site}, if it has one. */
    public static @Nullable Name operand(Site site, int index) {
        return switch (site) {
            case Site.TailCall t -> operand(t.call(), index);
            case Site.Store s -> of(s.target().object());
            case Expression.Index i -> of(i.object());
            case Expression.MethodCall m -> of(m.object());
            case Expression.Binary b -> of(swapped(b) != (index == 0) ? b.left() : b.right());
            case Expression.Unary u -> of(u.operand());
            case Expression.Concat c ->
                index < c.operands().size() ? of(c.operands().get(index)) : null;
            case null, default -> null;
        };
    }

    /** {@code a > b} runs as {@code b < a}. */
    private static boolean swapped(Expression.Binary b) {
        return b.operator() == Operator.GT || b.operator() == Operator.GE;
    }
}
