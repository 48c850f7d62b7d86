package io.memroute.lua.syntax;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaString;
import io.memroute.lua.text.WorkMeter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a chunk by recursive descent (manual, section 9) and binds its names. */
public final class Parser {
    /** Nested constructs, as LUAI_MAXCCALLS: keeps the parser's own recursion small. */
    private static final int MAX_LEVELS = 195;

    /** C Lua's limit on locals and temporaries of a function together (MAXREGS). */
    private static final int MAX_REGISTERS = 255;

    private static final Operator[] BINARY = new Operator[300];

    static {
        BINARY['+'] = Operator.ADD;
        BINARY['-'] = Operator.SUB;
        BINARY['*'] = Operator.MUL;
        BINARY['%'] = Operator.MOD;
        BINARY['^'] = Operator.POW;
        BINARY['/'] = Operator.DIV;
        BINARY[Token.IDIV] = Operator.IDIV;
        BINARY['&'] = Operator.BAND;
        BINARY['|'] = Operator.BOR;
        BINARY['~'] = Operator.BXOR;
        BINARY[Token.SHL] = Operator.SHL;
        BINARY[Token.SHR] = Operator.SHR;
        BINARY[Token.CONCAT] = Operator.CONCAT;
        BINARY[Token.EQ] = Operator.EQ;
        BINARY['<'] = Operator.LT;
        BINARY[Token.LE] = Operator.LE;
        BINARY[Token.NE] = Operator.NE;
        BINARY['>'] = Operator.GT;
        BINARY[Token.GE] = Operator.GE;
        BINARY[Token.AND] = Operator.AND;
        BINARY[Token.OR] = Operator.OR;
    }

    /** The time to make a class of a function beyond that of its tokens, in steps of compiled code. */
    private static final int FUNCTION_STEPS = 5000;

    /** Memory of the JVM for a small class, outside the heap. */
    private static final int CLASS_BYTES = 8192;

    private final Lexer lexer;
    private final SourceText source;
    private final boolean debug;
    private final WorkMeter meter;

    @SuppressWarnings("NullAway.Init") // every way to parse opens the main function first
    private FunctionScope scope;

    private int level;

    private Parser(byte[] text, SourceText source, boolean debug, WorkMeter meter) {
        this.lexer = new Lexer(text, source.displayName(), meter);
        this.source = source;
        this.debug = debug;
        this.meter = meter;
    }

    /**
     * Parses a whole chunk into its main function. {@code debug} is {@link FunctionBody#debug} of all its functions.
     *
     * @param meter is told what this costs, and compiling what comes of it
     */
    public static FunctionBody parse(byte[] text, LuaString name, boolean budgeted, boolean debug, WorkMeter meter) {
        SourceText source = new SourceText(name, Lexer.displayName(name.bytes()), text, budgeted);
        return new Parser(text, source, debug, meter).mainFunction();
    }

    /**
     * Parses the text of one function, cut out of a chunk at {@link FunctionBody#textStart}, whose upvalues have these
     * names and which began at this line.
     */
    public static FunctionBody parseFunction(
            byte[] text,
            LuaString name,
            int line,
            boolean method,
            List<String> upvalues,
            boolean budgeted,
            boolean debug,
            WorkMeter meter) {
        SourceText source = new SourceText(name, Lexer.displayName(name.bytes()), text, budgeted);
        return new Parser(text, source, debug, meter).loneFunction(line, method, upvalues);
    }

    private FunctionBody loneFunction(int line, boolean method, List<String> upvalues) {
        FunctionBody outer = openMain();
        int place = 0;
        for (String u : upvalues) {
            if (!u.equals("_ENV")) {
                LocalVariable v = new LocalVariable(u, LocalVariable.Attribute.NONE, place++, outer, false);
                // The loading code may join it to variables that change.
                v.reassigned = true;
                scope.activate(v);
            }
        }
        lexer.line = line;
        lexer.next();
        return function(method, line).body();
    }

    /** A chunk's name as messages show it. */
    public static String displayName(LuaString chunkName) {
        return Lexer.displayName(chunkName.bytes());
    }

    private FunctionBody mainFunction() {
        FunctionBody main = openMain();
        lexer.next();
        statements();
        if (lexer.token != Token.EOS) {
            throw expected(Token.EOS);
        }
        scope.close();
        main.lastLine = lexer.line;
        return main;
    }

    private FunctionBody openMain() {
        FunctionBody main = new FunctionBody(null, source, 0, debug);
        main.textEnd = source.text().length;
        main.vararg = true;
        scope = new FunctionScope(null, main, lexer);
        LocalVariable env = new LocalVariable("_ENV", LocalVariable.Attribute.NONE, 0, main, false);
        env.captured = true;
        scope.addUpvalue(new UpvalueDescription("_ENV", env, true, 0));
        main.block = scope.open(false);
        return main;
    }

    // ---- tokens ----

    private LuaError expected(int token) {
        return lexer.error(Token.describe(token) + " expected");
    }

    private boolean accept(int token) {
        if (lexer.token == token) {
            lexer.next();
            return true;
        }
        return false;
    }

    private void check(int token) {
        if (lexer.token != token) {
            throw expected(token);
        }
    }

    private void require(int token) {
        check(token);
        lexer.next();
    }

    private void requireMatch(int what, int who, int line) {
        if (accept(what)) {
            return;
        }
        if (line == lexer.line) {
            throw expected(what);
        }
        throw lexer.error(
                Token.describe(what) + " expected (to close " + Token.describe(who) + " at line " + line + ")");
    }

    private LuaString name() {
        check(Token.NAME);
        LuaString s = (LuaString) Objects.requireNonNull(lexer.value);
        lexer.next();
        return s;
    }

    private static String text(LuaString name) {
        return new String(name.bytes(), StandardCharsets.ISO_8859_1);
    }

    private void enter() {
        if (++level > MAX_LEVELS) {
            throw lexer.error("C stack overflow");
        }
    }

    private <T extends Site> T node(T node) {
        scope.body.nodes++;
        return node;
    }

    // ---- statements ----

    private boolean blockFollows(boolean withUntil) {
        return switch (lexer.token) {
            case Token.ELSE, Token.ELSEIF, Token.END, Token.EOS -> true;
            case Token.UNTIL -> withUntil;
            default -> false;
        };
    }

    private void statements() {
        while (!blockFollows(true)) {
            if (lexer.token == Token.RETURN) {
                statement();
                return;
            }
            statement();
        }
    }

    private Block block(boolean loop) {
        Block b = scope.open(loop);
        statements();
        scope.close();
        return b;
    }

    private void add(Statement s) {
        scope.block().statements.add(node(s));
    }

    private void statement() {
        int line = lexer.line;
        enter();
        switch (lexer.token) {
            case ';' -> lexer.next();
            case Token.IF -> ifStatement(line);
            case Token.WHILE -> whileStatement(line);
            case Token.DO -> {
                lexer.next();
                Block b = block(false);
                requireMatch(Token.END, Token.DO, line);
                add(new Statement.Do(b, line));
            }
            case Token.FOR -> forStatement(line);
            case Token.REPEAT -> repeatStatement(line);
            case Token.FUNCTION -> functionStatement(line);
            case Token.LOCAL -> {
                lexer.next();
                if (accept(Token.FUNCTION)) {
                    localFunction(line);
                } else {
                    localStatement(line);
                }
            }
            case Token.DBCOLON -> {
                lexer.next();
                labelStatement(text(name()), line);
            }
            case Token.RETURN -> {
                lexer.next();
                returnStatement(line);
            }
            case Token.BREAK -> {
                lexer.next();
                if (!scope.insideLoop()) {
                    throw lexer.semanticError("break outside loop at line " + line);
                }
                add(new Statement.Break(line));
            }
            case Token.GOTO -> {
                lexer.next();
                String label = text(name());
                add(scope.jump(label, line));
            }
            default -> expressionStatement(line);
        }
        level--;
    }

    private void ifStatement(int line) {
        List<Expression> conditions = new ArrayList<>();
        List<Block> blocks = new ArrayList<>();
        do {
            lexer.next();
            conditions.add(expression());
            require(Token.THEN);
            blocks.add(block(false));
        } while (lexer.token == Token.ELSEIF);
        if (accept(Token.ELSE)) {
            blocks.add(block(false));
        }
        requireMatch(Token.END, Token.IF, line);
        add(new Statement.If(conditions, blocks, line));
    }

    private void whileStatement(int line) {
        lexer.next();
        scope.body.hasLoop = true;
        Expression condition = expression();
        require(Token.DO);
        Block b = block(true);
        requireMatch(Token.END, Token.WHILE, line);
        add(new Statement.While(condition, b, line));
    }

    private void repeatStatement(int line) {
        lexer.next();
        scope.body.hasLoop = true;
        scope.open(true);
        Block b = scope.open(false);
        statements();
        requireMatch(Token.UNTIL, Token.REPEAT, line);
        Expression condition = expression();
        scope.close();
        scope.close();
        add(new Statement.Repeat(b, condition, line));
    }

    private void forStatement(int line) {
        lexer.next();
        scope.body.hasLoop = true;
        LuaString first = name();
        switch (lexer.token) {
            case '=' -> numericFor(first, line);
            case ',', Token.IN -> genericFor(first, line);
            default -> throw lexer.error("'=' or 'in' expected");
        }
    }

    private void hidden(int count) {
        for (int i = 0; i < count; i++) {
            scope.activate(scope.declare("(for state)", LocalVariable.Attribute.NONE, 0, true));
        }
    }

    private void numericFor(LuaString first, int line) {
        lexer.next();
        Expression start = expression();
        require(',');
        Expression limit = expression();
        Expression step = accept(',') ? expression() : null;
        scope.open(true);
        hidden(3);
        require(Token.DO);
        Block b = scope.open(false);
        LocalVariable v = scope.declare(text(first), LocalVariable.Attribute.NONE, 0, false);
        scope.activate(v);
        statements();
        scope.close();
        requireMatch(Token.END, Token.FOR, line);
        scope.close();
        add(new Statement.NumericFor(v, start, limit, step, b, line));
    }

    private void genericFor(LuaString first, int line) {
        List<LuaString> names = new ArrayList<>();
        names.add(first);
        while (accept(',')) {
            names.add(name());
        }
        require(Token.IN);
        int callLine = lexer.line;
        List<Expression> values = expressionList();
        scope.open(true);
        List<LocalVariable> hidden = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            LocalVariable h = scope.declare("(for state)", LocalVariable.Attribute.NONE, 0, true);
            scope.activate(h);
            hidden.add(h);
        }
        require(Token.DO);
        Block b = scope.open(false);
        List<LocalVariable> variables = new ArrayList<>();
        for (LuaString n : names) {
            variables.add(scope.declare(text(n), LocalVariable.Attribute.NONE, variables.size(), false));
        }
        variables.forEach(scope::activate);
        statements();
        scope.close();
        requireMatch(Token.END, Token.FOR, line);
        scope.close();
        add(new Statement.GenericFor(hidden, variables, values, b, callLine));
    }

    private void functionStatement(int line) {
        lexer.next();
        Expression target = variable(name(), line);
        String constant = constantName;
        boolean method = false;
        while (lexer.token == '.' || lexer.token == ':') {
            method = lexer.token == ':';
            lexer.next();
            target = node(new Expression.Index(target, node(new Expression.Constant(name(), line)), line));
            if (method) {
                break;
            }
        }
        Expression.Function f = function(method, line);
        checkAssignable(target, target instanceof Expression.Constant ? constant : null);
        add(new Statement.Assign(List.of(target), List.of(f), line));
    }

    private void localFunction(int line) {
        LocalVariable v = scope.declare(text(name()), LocalVariable.Attribute.NONE, 0, false);
        scope.activate(v);
        Expression.Function f = function(false, lexer.line);
        f.body().self = v;
        add(new Statement.LocalFunction(v, f, line));
    }

    private void localStatement(int line) {
        List<LocalVariable> variables = new ArrayList<>();
        boolean closes = false;
        do {
            String n = text(name());
            LocalVariable.Attribute attribute = attribute();
            if (attribute == LocalVariable.Attribute.CLOSE) {
                if (closes) {
                    throw lexer.semanticError("multiple to-be-closed variables in local list");
                }
                closes = true;
            }
            variables.add(scope.declare(n, attribute, variables.size(), false));
        } while (accept(','));
        List<Expression> values = accept('=') ? expressionList() : List.of();
        LocalVariable last = variables.getLast();
        if (variables.size() == values.size()
                && last.attribute == LocalVariable.Attribute.CONST
                && values.getLast() instanceof Expression.Constant c) {
            // A compile-time constant: uses of it become the value itself, and it takes no place.
            last.constant = true;
            last.constantValue = c.value();
        }
        for (LocalVariable v : variables) {
            scope.activate(v);
        }
        if (closes) {
            scope.block().closes = true;
        }
        add(new Statement.Local(variables, values, line));
    }

    private LocalVariable.Attribute attribute() {
        if (!accept('<')) {
            return LocalVariable.Attribute.NONE;
        }
        String a = text(name());
        require('>');
        return switch (a) {
            case "const" -> LocalVariable.Attribute.CONST;
            case "close" -> LocalVariable.Attribute.CLOSE;
            default -> throw lexer.semanticError("unknown attribute '" + a + "'");
        };
    }

    private void labelStatement(String name, int line) {
        require(Token.DBCOLON);
        while (lexer.token == ';' || lexer.token == Token.DBCOLON) {
            statement();
        }
        scope.checkNewLabel(name);
        Block b = scope.block();
        Statement.Label label = new Statement.Label(name, b, b.statements.size(), line);
        b.statements.add(label);
        scope.label(label, blockFollows(false));
    }

    private void returnStatement(int line) {
        List<Expression> values = blockFollows(true) || lexer.token == ';' ? List.of() : expressionList();
        accept(';');
        add(new Statement.Return(values, line));
        if (!blockFollows(true)) {
            throw closingExpected();
        }
    }

    /** A return ends its block: what is missing is what closes it. */
    private LuaError closingExpected() {
        return scope.isOutermost() ? expected(Token.EOS) : expected(Token.END);
    }

    private void expressionStatement(int line) {
        Expression e = suffixed();
        if (lexer.token == '=' || lexer.token == ',') {
            List<Expression> targets = new ArrayList<>();
            checkVariable(e);
            targets.add(e);
            int levels = 0;
            while (accept(',')) {
                Expression t = suffixed();
                checkVariable(t);
                targets.add(t);
                enter();
                levels++;
            }
            require('=');
            List<Expression> values = expressionList();
            level -= levels;
            add(new Statement.Assign(targets, values, line));
        } else {
            if (!(e instanceof Expression.Call || e instanceof Expression.MethodCall)) {
                throw lexer.error("syntax error");
            }
            add(new Statement.Call(e, line));
        }
    }

    /** Checks that the expression just read can be assigned to. */
    private void checkVariable(Expression target) {
        boolean constant = target instanceof Expression.Constant && constantName != null;
        if (!constant
                && !(target instanceof Expression.Local
                        || target instanceof Expression.Upvalue
                        || target instanceof Expression.Index)) {
            throw lexer.error("syntax error");
        }
        checkAssignable(target, constant ? constantName : null);
    }

    private void checkAssignable(Expression target, @Nullable String compileTimeConstant) {
        LocalVariable v = switch (target) {
            case Expression.Local l -> l.variable();
            case Expression.Upvalue u -> u.upvalue().variable();
            default -> null;
        };
        String constant = compileTimeConstant;
        if (v != null) {
            v.reassigned = true;
            if (v.attribute != LocalVariable.Attribute.NONE) {
                constant = v.name;
            }
        }
        if (constant != null) {
            throw lexer.semanticError("attempt to assign to const variable '" + constant + "'");
        }
    }

    // ---- expressions ----

    private List<Expression> expressionList() {
        List<Expression> list = new ArrayList<>();
        do {
            list.add(expression());
        } while (accept(','));
        return list;
    }

    private Expression expression() {
        return subexpression(0);
    }

    private Expression subexpression(int limit) {
        enter();
        Expression left;
        Operator unary = switch (lexer.token) {
            case Token.NOT -> Operator.NOT;
            case '-' -> Operator.UNM;
            case '~' -> Operator.BNOT;
            case '#' -> Operator.LEN;
            default -> null;
        };
        if (unary != null) {
            int line = lexer.line;
            lexer.next();
            Expression operand = subexpression(Operator.UNM.left);
            left = node(ConstantFolding.unary(unary, operand, line));
        } else {
            left = simple();
        }
        while (true) {
            Operator op = BINARY[lexer.token];
            if (op == null || op.left <= limit) {
                break;
            }
            int line = lexer.line;
            lexer.next();
            Expression right = subexpression(op.right);
            left = node(binary(op, left, right, line));
        }
        level--;
        return left;
    }

    private static Expression binary(Operator op, Expression left, Expression right, int line) {
        return switch (op) {
            case AND -> new Expression.And(left, right, line);
            case OR -> new Expression.Or(left, right, line);
            case CONCAT -> {
                List<Expression> operands = new ArrayList<>();
                operands.add(left);
                if (right instanceof Expression.Concat c) {
                    operands.addAll(c.operands());
                } else {
                    operands.add(right);
                }
                yield new Expression.Concat(operands, line);
            }
            default -> ConstantFolding.binary(op, left, right, line);
        };
    }

    private Expression simple() {
        int line = lexer.line;
        switch (lexer.token) {
            case Token.FLOAT, Token.INTEGER, Token.STRING -> {
                return literal(lexer.value, line);
            }
            case Token.NIL -> {
                return literal(null, line);
            }
            case Token.TRUE -> {
                return literal(Boolean.TRUE, line);
            }
            case Token.FALSE -> {
                return literal(Boolean.FALSE, line);
            }
            case Token.DOTS -> {
                if (!scope.body.vararg) {
                    throw lexer.error("cannot use '...' outside a vararg function");
                }
                scope.body.usesVarargs = true;
                lexer.next();
                return node(new Expression.Varargs(line));
            }
            case '{' -> {
                return table();
            }
            case Token.FUNCTION -> {
                lexer.next();
                return function(false, line);
            }
            default -> {
                return suffixed();
            }
        }
    }

    private Expression literal(@Nullable Object value, int line) {
        lexer.next();
        return node(new Expression.Constant(value, line));
    }

    /**
     * The name of the compile-time constant that the last primary expression was, for messages about assigning to it.
     */
    private @Nullable String constantName;

    private Expression variable(LuaString name, int line) {
        Expression e = scope.resolve(text(name), line);
        constantName = e instanceof Expression.Constant ? text(name) : null;
        if (e != null) {
            return node(e);
        }
        Expression env = Objects.requireNonNull(scope.resolve("_ENV", line));
        return node(new Expression.Index(env, node(new Expression.Constant(name, line)), line));
    }

    private Expression primary() {
        int line = lexer.line;
        switch (lexer.token) {
            case Token.NAME -> {
                return variable(name(), line);
            }
            case '(' -> {
                lexer.next();
                Expression inner = expression();
                requireMatch(')', '(', line);
                constantName = null;
                return node(new Expression.Parenthesized(inner, line));
            }
            default -> throw lexer.error("unexpected symbol");
        }
    }

    private Expression suffixed() {
        Expression e = primary();
        while (true) {
            int line = lexer.line;
            switch (lexer.token) {
                case '.' -> {
                    lexer.next();
                    e = node(new Expression.Index(e, node(new Expression.Constant(name(), line)), line));
                }
                case '[' -> {
                    lexer.next();
                    Expression key = expression();
                    require(']');
                    e = node(new Expression.Index(e, key, line));
                }
                case ':' -> {
                    lexer.next();
                    LuaString method = name();
                    int callLine = lexer.line;
                    List<Expression> arguments = arguments();
                    e = node(new Expression.MethodCall(e, method, arguments, callLine));
                }
                case '(', Token.STRING, '{' -> e = node(new Expression.Call(e, arguments(), line));
                default -> {
                    return e;
                }
            }
        }
    }

    private List<Expression> arguments() {
        int line = lexer.line;
        switch (lexer.token) {
            case '(' -> {
                lexer.next();
                if (accept(')')) {
                    return List.of();
                }
                List<Expression> list = expressionList();
                if (list.size() + scope.activeCount() >= MAX_REGISTERS) {
                    throw lexer.error("function or expression needs too many registers");
                }
                requireMatch(')', '(', line);
                return list;
            }
            case '{' -> {
                return List.of(table());
            }
            case Token.STRING -> {
                return List.of(literal(lexer.value, line));
            }
            default -> throw lexer.error("function arguments expected");
        }
    }

    private Expression table() {
        int line = lexer.line;
        require('{');
        List<Expression.Field> fields = new ArrayList<>();
        while (lexer.token != '}') {
            int fieldLine = lexer.line;
            if (lexer.token == '[') {
                lexer.next();
                Expression key = expression();
                require(']');
                require('=');
                fields.add(new Expression.Field(key, expression(), fieldLine));
            } else if (lexer.token == Token.NAME && lexer.peek() == '=') {
                Expression key = node(new Expression.Constant(name(), fieldLine));
                lexer.next();
                fields.add(new Expression.Field(key, expression(), fieldLine));
            } else {
                fields.add(new Expression.Field(null, expression(), fieldLine));
            }
            if (!accept(',') && !accept(';')) {
                break;
            }
        }
        requireMatch('}', '{', line);
        return node(new Expression.Table(fields, line));
    }

    private Expression.Function function(boolean method, int line) {
        meter.charge(FUNCTION_STEPS);
        meter.held(CLASS_BYTES);
        FunctionBody body = new FunctionBody(scope.body, source, line, debug);
        body.method = method;
        body.textStart = lexer.tokenStart();
        scope = new FunctionScope(scope, body, lexer);
        body.block = scope.open(false);
        if (method) {
            parameter("self");
        }
        require('(');
        if (lexer.token != ')') {
            do {
                if (lexer.token == Token.NAME) {
                    parameter(text(name()));
                } else if (accept(Token.DOTS)) {
                    body.vararg = true;
                } else {
                    throw lexer.error("<name> or '...' expected");
                }
            } while (!body.vararg && accept(','));
        }
        require(')');
        statements();
        body.lastLine = lexer.line;
        body.textEnd = lexer.tokenStart() + 3;
        requireMatch(Token.END, Token.FUNCTION, line);
        scope.close();
        scope = Objects.requireNonNull(scope.outer);
        return node(new Expression.Function(body, line));
    }

    private void parameter(String name) {
        LocalVariable p = scope.declare(name, LocalVariable.Attribute.NONE, 0, false);
        scope.activate(p);
        scope.body.parameters.add(p);
    }
}
