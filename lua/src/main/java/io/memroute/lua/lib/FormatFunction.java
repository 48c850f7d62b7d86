package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.Coroutine;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.Metatables;
import io.memroute.lua.VarFunction;
import io.memroute.lua.text.ByteBuilder;
import io.memroute.lua.text.ByteSearch;
import io.memroute.lua.text.FormatDirective;
import io.memroute.lua.text.NumberText;
import io.memroute.lua.text.QuotedText;
import io.memroute.lua.text.TextError;

/** {@code string.format} (manual section 6.4). */
final class FormatFunction extends VarFunction {
    /** Strings up to this length are equal objects in C Lua (LUAI_MAXSHORTLEN), so {@code %p} shows equal addresses. */
    private static final int SHORT_STRING = 40;

    private final ScratchBuffers buffers = new ScratchBuffers();
    private FormatDirective freeDirective;

    FormatFunction() {
        super("format");
    }

    @Override
    public Object invoke(LuaState L, Object[] args) {
        LuaString format = Args.string(L, args, 1);
        ByteBuilder out = buffers.take(L);
        FormatDirective directive = freeDirective == null ? new FormatDirective() : freeDirective;
        freeDirective = null;
        try {
            append(L, format.bytes(), args, directive, out);
            if (out.length() > 4096) {
                L.reserve(out.length());
            }
            return LuaString.copyOf(out.array(), 0, out.length());
        } catch (TextError e) {
            throw TextErrors.raise(L, e);
        } finally {
            buffers.give(out);
            freeDirective = directive;
        }
    }

    private static void append(LuaState L, byte[] format, Object[] args, FormatDirective directive, ByteBuilder out) {
        int n = 1;
        int at = 0;
        while (at < format.length) {
            int percent = ByteSearch.indexOf(format, at, format.length, (byte) '%');
            if (percent < 0) {
                out.append(format, at, format.length - at);
                return;
            }
            out.append(format, at, percent - at);
            at = percent + 1;
            if (at < format.length && format[at] == '%') {
                out.append('%');
                at++;
                continue;
            }
            if (++n > args.length) {
                throw Args.bad(L, n, "no value");
            }
            at = directive.read(format, at, format.length);
            appendItem(L, directive, args[n - 1], n, out);
        }
    }

    private static void appendItem(LuaState L, FormatDirective directive, Object value, int n, ByteBuilder out) {
        switch (directive.conversion()) {
            case 'c' -> {
                directive.checkCharacter();
                directive.writeCharacter(out, (int) Args.integer(L, value, n));
            }
            case 'd', 'i', 'u', 'o', 'x', 'X' -> directive.writeInteger(out, Args.integer(L, value, n));
            case 'a', 'A' -> {
                directive.checkFloat();
                directive.writeFloat(out, Args.number(L, value, n));
            }
            case 'e', 'E', 'f', 'g', 'G' -> directive.writeFloat(out, Args.number(L, value, n));
            case 'p' -> directive.writePointer(out, address(value));
            case 'q' -> {
                directive.checkQuoted();
                appendQuoted(L, value, n, out);
            }
            case 's' -> appendString(L, directive, value, n, out);
            default -> throw directive.unknownConversion();
        }
    }

    private static void appendString(LuaState L, FormatDirective directive, Object value, int n, ByteBuilder out) {
        if (!directive.isPlain()) {
            LuaString text = L.tostring(value);
            directive.writeString(out, text.bytes(), 0, text.length(), n);
        } else if (value instanceof Long number) {
            NumberText.append(out, number.longValue());
        } else if (value instanceof Double number) {
            NumberText.append(out, number.doubleValue());
        } else {
            out.append(L.tostring(value).bytes());
        }
    }

    private static void appendQuoted(LuaState L, Object value, int n, ByteBuilder out) {
        switch (value) {
            case LuaString s -> QuotedText.append(out, s.bytes(), 0, s.length());
            case Long number -> QuotedText.append(out, number.longValue());
            case Double number -> QuotedText.append(out, number.doubleValue());
            case Boolean b -> out.append(b ? "true" : "false");
            case null -> out.append("nil");
            default -> throw Args.bad(L, n, "value has no literal form");
        }
    }

    private static String address(Object value) {
        return switch (value) {
            case LuaTable t -> Metatables.identity(t);
            case LuaFunction f -> Metatables.identity(f);
            case LuaUserdata u -> Metatables.identity(u);
            case Coroutine c -> Metatables.identity(c);
            case LuaString s ->
                s.length() <= SHORT_STRING ? String.format("0x%08x", s.hashCode()) : Metatables.identity(s);
            case null, default -> "(null)";
        };
    }
}
