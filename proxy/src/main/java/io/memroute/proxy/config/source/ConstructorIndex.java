package io.memroute.proxy.config.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The places at which a file's table constructors name their keys. Lua tells the line of a call, not of a key in the
 * table that the call was given; an error about the twentieth backend of a pool should not point at {@code pools{}} far
 * above.
 *
 * <p>Made from the text alone: constructors nested in constructors are found by the keys that lead to them. What the
 * text does not say (a table in a variable, keys computed in a loop) is not found, and the caller falls back to a line
 * further out.
 */
public final class ConstructorIndex {

    /** A table constructor: its keys' places and the constructors that are its values. */
    static final class Constructor {

        private final String callee;
        private final int calleeLine;
        private final int line;
        private final Map<Object, Item> items = new HashMap<>();
        private @Nullable Item onlyComputedKey;
        private int computedKeys;
        private long positions;

        private Constructor(String callee, int calleeLine, int line) {
            this.callee = callee;
            this.calleeLine = calleeLine;
            this.line = line;
        }

        /** The line of the opening brace. */
        int line() {
            return line;
        }

        private Optional<Item> item(Object key) {
            Item item = items.get(key);
            return Optional.ofNullable(item == null && computedKeys == 1 ? onlyComputedKey : item);
        }

        /** The line of a key (a {@code String}) or position (a {@code Long}); -1 if the text does not show it. */
        int lineOf(Object key) {
            return item(key).map(item -> item.line).orElse(-1);
        }

        /** The column of a key, or of the value at a position; 0 if the text does not show it. */
        int columnOf(Object key) {
            return item(key).map(item -> item.column).orElse(0);
        }

        /** The constructor that is the value of a key or position. */
        Optional<Constructor> valueOf(Object key) {
            return item(key).map(item -> item.value);
        }

        private Item add(Object key, LuaTokens.Token token) {
            Item item = new Item(token);
            items.put(key, item);
            return item;
        }
    }

    private static final class Item {

        private final int line;
        private final int column;
        private @Nullable Constructor value;

        Item(LuaTokens.Token token) {
            this.line = token.line();
            this.column = token.column();
        }
    }

    private final List<Constructor> calls = new ArrayList<>();
    private final List<LuaTokens.Token> tokens;

    private ConstructorIndex(List<LuaTokens.Token> tokens) {
        this.tokens = tokens;
    }

    /** Every token of the text. */
    List<LuaTokens.Token> tokens() {
        return tokens;
    }

    /** The column of a name, number, string or symbol on a line; 0 if it is not there, or more than once. */
    int columnOf(String text, int line) {
        List<LuaTokens.Token> found = tokens.stream()
                .filter(token -> token.line() == line && token.text().equals(text))
                .limit(2)
                .toList();
        return found.size() == 1 ? found.getFirst().column() : 0;
    }

    /** The constructor that is the argument of the call of {@code function} on a line, as in {@code pools{ ... }}. */
    Optional<Constructor> argumentOf(String function, int line) {
        return calls.stream()
                .filter(call -> call.callee.equals(function) && (call.calleeLine == line || call.line == line))
                .findFirst();
    }

    /** Reads Lua source text. Never fails: text that is not Lua gives an index that finds less. */
    static ConstructorIndex of(String source) {
        ConstructorIndex index = new ConstructorIndex(LuaTokens.of(source));
        new Reader(index.tokens, index.calls).read();
        return index;
    }

    /** Follows the brackets and blocks of a token list; each constructor's own items are what stands directly in it. */
    private static final class Reader {

        /** An open bracket or block; braces have a constructor. */
        private record Open(String closer, @Nullable Constructor constructor) {}

        private final List<LuaTokens.Token> tokens;
        private final List<Constructor> calls;
        private final ArrayList<Open> open = new ArrayList<>();
        private @Nullable Item current;
        private int at;

        Reader(List<LuaTokens.Token> tokens, List<Constructor> calls) {
            this.tokens = tokens;
            this.calls = calls;
        }

        void read() {
            boolean itemStart = false;
            while (at < tokens.size()) {
                Constructor constructor = innermost();
                String symbol = symbol(at);
                if (constructor != null && itemStart && !symbol.equals("}")) {
                    at = beginItem(constructor);
                    itemStart = false;
                    continue;
                }
                itemStart = constructor != null && (symbol.equals(",") || symbol.equals(";"));
                switch (symbol) {
                    case "{" -> {
                        openConstructor(constructor);
                        itemStart = true;
                    }
                    case "(" -> open.add(new Open(")", null));
                    case "[" -> open.add(new Open("]", null));
                    case "function", "do", "if" -> open.add(new Open("end", null));
                    case "repeat" -> open.add(new Open("until", null));
                    case ")", "]", "}", "end", "until" -> close(symbol);
                    default -> {}
                }
                at++;
            }
        }

        private @Nullable Constructor innermost() {
            return open.isEmpty() ? null : open.getLast().constructor();
        }

        private void openConstructor(@Nullable Constructor outer) {
            int before = symbol(at - 1).equals("(") ? at - 2 : at - 1;
            LuaTokens.Token callee = before >= 0 ? tokens.get(before) : null;
            int line = tokens.get(at).line();
            Constructor constructor;
            if (callee != null && callee.kind() == LuaTokens.Kind.NAME) {
                constructor = new Constructor(callee.text(), callee.line(), line);
                calls.add(constructor);
            } else {
                constructor = new Constructor("", line, line);
                Item item = current;
                if (outer != null && item != null && item.value == null) {
                    item.value = constructor;
                }
            }
            open.add(new Open("}", constructor));
        }

        private void close(String closer) {
            for (int i = open.size() - 1; i >= 0; i--) {
                if (open.get(i).closer().equals(closer)) {
                    open.subList(i, open.size()).clear();
                    return;
                }
            }
        }

        /** Notes the item that begins here and returns where its value begins. */
        private int beginItem(Constructor constructor) {
            LuaTokens.Token token = tokens.get(at);
            if (token.kind() == LuaTokens.Kind.NAME && symbol(at + 1).equals("=")) {
                current = constructor.add(token.text(), token);
                return at + 2;
            }
            if (symbol(at).equals("[")) {
                if (symbol(at + 2).equals("]")
                        && symbol(at + 3).equals("=")
                        && tokens.get(at + 1).kind() != LuaTokens.Kind.NAME) {
                    current = constructor.add(tokens.get(at + 1).key(), token);
                    return at + 4;
                }
                Item computed = new Item(token);
                current = computed;
                constructor.onlyComputedKey = computed;
                constructor.computedKeys++;
                return afterComputedKey();
            }
            current = constructor.add(++constructor.positions, token);
            return at;
        }

        private int afterComputedKey() {
            int depth = 0;
            for (int i = at; i < tokens.size(); i++) {
                depth += switch (symbol(i)) {
                    case "[" -> 1;
                    case "]" -> -1;
                    default -> 0;
                };
                if (depth == 0) {
                    return i + 1;
                }
            }
            return tokens.size();
        }

        /** The symbol or keyword at a position, {@code ""} for names, strings, numbers and beyond the ends. */
        private String symbol(int i) {
            if (i < 0 || i >= tokens.size() || tokens.get(i).kind() != LuaTokens.Kind.SYMBOL) {
                return "";
            }
            return tokens.get(i).text();
        }
    }
}
