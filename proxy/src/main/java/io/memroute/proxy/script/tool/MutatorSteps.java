package io.memroute.proxy.script.tool;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.protocol.Command;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the steps of a mutator, for {@code mcp.req_mutator_new} and {@code mcp.res_mutator_new}.
 *
 * @see "docs/reference/proxy-api.md section 3.14"
 */
final class MutatorSteps {

    /** No command's name is nearly as long. */
    private static final int MAX_COMMAND = 20;

    private static final String TOOL = "mutator";

    private MutatorSteps() {}

    static LuaFunction forRequests(RequestParser parser) {
        return LuaFunction.varargs(
                "req_mutator_new", (L, tables) -> new Mutator.OfRequests(read(L, tables, true), parser));
    }

    static LuaFunction forReplies() {
        return LuaFunction.varargs("res_mutator_new", (L, tables) -> new Mutator.OfReplies(read(L, tables, false)));
    }

    private static MutatorStep[] read(LuaState L, Object[] tables, boolean requests) {
        if (tables.length == 0) {
            throw new LuaError("mutator failed to initialize, no steps given");
        }
        MutatorStep[] steps = new MutatorStep[tables.length];
        boolean hasValue = false;
        for (int i = 0; i < steps.length; i++) {
            StepTable table = new StepTable(L, tables[i], TOOL, i + 1);
            String kind = table.kind();
            steps[i] = requests ? ofRequest(table, kind) : ofReply(table, kind);
            if (kind.equals("valcopy") && hasValue) {
                throw table.error("there can be only one value");
            }
            hasValue |= kind.equals("valcopy");
        }
        return steps;
    }

    /** A step of a mutator of requests. */
    private static MutatorStep ofRequest(StepTable table, String kind) {
        return switch (kind) {
            case "cmdset" -> command(table);
            case "cmdcopy" -> copiedToken(table, 0);
            case "keyset" -> constant(table, "val");
            case "keycopy" -> copiedKey(table);
            default -> ofEither(table, kind);
        };
    }

    /** A step of a mutator of responses. */
    private static MutatorStep ofReply(StepTable table, String kind) {
        return switch (kind) {
            case "rescodeset" -> constant(table, "val");
            case "rescodecopy" -> copiedCode(table);
            case "resnull" -> nullReply(table);
            case "reserr" -> error(table);
            default -> ofEither(table, kind);
        };
    }

    private static MutatorStep ofEither(StepTable table, String kind) {
        return switch (kind) {
            case "flagset" -> flag(table);
            case "flagcopy" -> copiedFlag(table);
            case "flagcopyall" -> copiedFlags(table);
            case "valcopy" -> copiedValue(table);
            default -> throw table.incompatible();
        };
    }

    // ---- texts that are the same for each call ----

    private static MutatorStep command(StepTable table) {
        if (table.text("cmd").length() > MAX_COMMAND) {
            throw table.error("'cmd' too long");
        }
        return constant(table, "cmd");
    }

    private static MutatorStep constant(StepTable table, String field) {
        LuaString text = table.text(field);
        if (text.length() == 0) {
            throw table.error("'" + field + "' must have nonzero length");
        }
        return constant(checked(table, text, field));
    }

    private static byte[] checked(StepTable table, LuaString text, String field) {
        if (!Draft.isOneLine(text.bytes(), text.length())) {
            throw table.error("'" + field + "' must not contain a line end or a zero byte");
        }
        return text.bytes();
    }

    private static MutatorStep constant(byte[] text) {
        return (draft, arguments) -> {
            draft.add(text);
            return true;
        };
    }

    private static MutatorStep flag(StepTable table) {
        int letter = table.flag();
        Object value = table.field("val");
        if (value != null && !(value instanceof LuaString) && !(value instanceof Number)) {
            throw table.error("unsupported type for 'val'");
        }
        byte[] text = checked(table, StepTable.text(value), "val");
        byte[] flag = new byte[text.length + 1];
        flag[0] = (byte) letter;
        System.arraycopy(text, 0, flag, 1, text.length);
        return constant(flag);
    }

    private static MutatorStep error(StepTable table) {
        ReplyType type = switch (table.text("code").toString()) {
            case "error" -> ReplyType.ERROR;
            case "server" -> ReplyType.SERVER_ERROR;
            case "client" -> ReplyType.CLIENT_ERROR;
            default -> throw table.error("code must be 'error', server', or 'client'");
        };
        String line = type.name();
        if (table.field("msg") != null) {
            LuaString message = table.text("msg");
            if (message.length() == 0) {
                throw table.error("'msg' must be a nonzero length string");
            }
            line += " " + new String(checked(table, message, "msg"), StandardCharsets.ISO_8859_1);
        }
        return constant(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    // ---- copies of arguments ----

    private static MutatorStep copiedToken(StepTable table, int token) {
        int from = table.argument();
        return (draft, arguments) -> switch (MutatorStep.argument(arguments, from)) {
            case LuaString text -> draft.add(text);
            case ToolRequest source -> {
                Request request = source.request();
                yield draft.add(request.buffer(), request.tokenIndex(token), request.tokenLength(token));
            }
            case null, default -> false;
        };
    }

    private static MutatorStep copiedKey(StepTable table) {
        int from = table.argument();
        return (draft, arguments) -> switch (MutatorStep.argument(arguments, from)) {
            case LuaString text -> draft.add(text);
            case ToolRequest source -> {
                Request request = source.request();
                yield draft.add(request.buffer(), request.keyIndex(), request.keyLength());
            }
            case null, default -> false;
        };
    }

    private static MutatorStep copiedCode(StepTable table) {
        int from = table.argument();
        return (draft, arguments) -> switch (MutatorStep.argument(arguments, from)) {
            case LuaString text -> draft.add(text);
            case ToolReply source -> {
                Reply reply = meta(source);
                yield reply != null && draft.add(reply.buffer(), reply.start(), reply.tokenLength(0));
            }
            case null, default -> false;
        };
    }

    private static MutatorStep copiedFlag(StepTable table) {
        int letter = table.flag();
        int from = table.argument();
        return (draft, arguments) -> switch (MutatorStep.argument(arguments, from)) {
            case null -> true;
            case Boolean wanted -> {
                if (wanted) {
                    draft.addFlag(letter);
                }
                yield true;
            }
            case LuaString text -> {
                draft.addFlag(letter, text);
                yield true;
            }
            case ToolRequest source -> {
                Request request = source.request();
                if (request.hasFlag(letter)) {
                    draft.addFlag(
                            letter, request.buffer(), request.flagTokenIndex(letter), request.flagTokenLength(letter));
                }
                yield request.command().isMeta();
            }
            case ToolReply source -> {
                Reply reply = meta(source);
                if (reply != null && reply.hasFlag(letter)) {
                    draft.addFlag(letter, reply.buffer(), reply.flagTokenIndex(letter), reply.flagTokenLength(letter));
                }
                yield reply != null;
            }
            default -> false;
        };
    }

    private static MutatorStep copiedFlags(StepTable table) {
        int from = table.argument();
        return (draft, arguments) -> switch (MutatorStep.argument(arguments, from)) {
            case LuaString text -> text.length() == 0 || draft.add(text);
            case ToolReply source -> {
                Reply reply = meta(source);
                if (reply == null || reply.tokenCount() <= reply.firstFlagToken()) {
                    yield false;
                }
                int first = reply.tokenIndex(reply.firstFlagToken());
                yield draft.add(reply.buffer(), first, reply.lineEnd() - first);
            }
            case null, default -> false;
        };
    }

    private static MutatorStep copiedValue(StepTable table) {
        int from = table.argument();
        return (draft, arguments) -> switch (MutatorStep.argument(arguments, from)) {
            case LuaString text -> draft.addValue(text);
            case ValueSource source -> draft.addValue(source);
            case null, default -> false;
        };
    }

    /** The reply if it is one of the meta protocol. */
    private static @Nullable Reply meta(ToolReply source) {
        Reply reply = source.view();
        return reply != null && reply.type().isMeta() ? reply : null;
    }

    // ---- misses ----

    private static MutatorStep nullReply(StepTable table) {
        int from = table.argument();
        return (draft, arguments) -> {
            if (!(MutatorStep.argument(arguments, from) instanceof ToolRequest source)) {
                return false;
            }
            byte[] miss = miss(source.request().command());
            if (miss != null) {
                draft.add(miss);
            }
            return miss != null;
        };
    }

    private static final byte[] EN = word(ReplyType.EN);
    private static final byte[] NS = word(ReplyType.NS);
    private static final byte[] NF = word(ReplyType.NF);
    private static final byte[] END = word(ReplyType.END);
    private static final byte[] NOT_STORED = word(ReplyType.NOT_STORED);
    private static final byte[] NOT_FOUND = word(ReplyType.NOT_FOUND);

    private static byte[] word(ReplyType type) {
        return type.name().getBytes(StandardCharsets.US_ASCII);
    }

    /** The reply of a server that has nothing and takes nothing. */
    private static byte @Nullable [] miss(Command command) {
        return switch (command) {
            case MG -> EN;
            case MS -> NS;
            case MD, MA -> NF;
            case GET, GETS, GAT, GATS -> END;
            case SET, ADD, REPLACE, APPEND, PREPEND, CAS -> NOT_STORED;
            case INCR, DECR, TOUCH, DELETE -> NOT_FOUND;
            default -> null;
        };
    }
}
