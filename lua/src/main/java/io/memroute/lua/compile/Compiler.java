package io.memroute.lua.compile;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_SUPER;

import io.memroute.lua.Execution;
import io.memroute.lua.code.CompiledFunction;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.Site;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a class of one Lua function. */
public final class Compiler {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final ClassFile CLASS_FILE = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
            ClassHierarchyResolver.ofClassLoading(LOOKUP).orElse(ClassHierarchyResolver.defaultResolver())));

    /**
     * The JVM never compiles methods with more bytes of code (HugeMethodLimit): then operators are emitted as calls.
     */
    private static final int JIT_LIMIT = 8000;

    /** Syntax nodes beyond which a function is not tried: its code would pass the JVM's 64 KiB. */
    private static final int MAX_NODES = 6000;

    private static final ClassDesc THIS = ClassDesc.of(Execution.CODE_PACKAGE, "LuaCode");

    /** Functions of more parameters get their arguments in an array. */
    static final int MAX_DIRECT = 3;

    private final FunctionBody body;
    private final CompiledFunction.Code code;
    private final Constants constants = new Constants(THIS);
    private final boolean compact;

    /** Whether the code can be left at waits and entered there again. */
    private final boolean resumable;

    /** Those of the code, once it is emitted. */
    private @Nullable ResumePoints points;

    /** Makes what does not fit into a JVM method. */
    private final Function<FunctionBody, Prototyped> interpreter;

    private List<Site> sites = List.of();

    private Compiler(
            FunctionBody body, boolean compact, boolean resumable, Function<FunctionBody, Prototyped> interpreter) {
        this.interpreter = interpreter;
        this.body = body;
        this.compact = compact;
        this.resumable = resumable;
        this.code = new CompiledFunction.Code(body);
    }

    /**
     * A closure of the body whose upvalues are unset, from which others are made; compiled, or interpreted if the
     * function does not fit into a JVM method. Made once and kept with the body, which states share.
     *
     * @param interpreter makes an interpreted one
     */
    public static Prototyped prototype(FunctionBody body, Function<FunctionBody, Prototyped> interpreter) {
        Object known = body.compiled;
        if (known == null) {
            synchronized (body) {
                known = body.compiled;
                if (known == null) {
                    known = make(body, interpreter);
                    body.compiled = known;
                }
            }
        }
        return (Prototyped) known;
    }

    private static Prototyped make(FunctionBody body, Function<FunctionBody, Prototyped> interpreter) {
        if (body.nodes <= MAX_NODES && !body.debug) {
            try {
                return new Compiler(body, false, false, interpreter).compile();
            } catch (TooBig e) {
                // Tried again below, smaller.
            } catch (IllegalArgumentException | StackOverflowError e) {
                return interpreter.apply(body);
            }
            try {
                return new Compiler(body, true, false, interpreter).compile();
            } catch (TooBig | IllegalArgumentException | StackOverflowError e) {
                return interpreter.apply(body);
            }
        }
        return interpreter.apply(body);
    }

    /**
     * A function whose calls can be left at waits.
     *
     * @param prototype a closure whose upvalues are unset
     * @param objects variables that are objects, at most, at a wait
     * @param numbers those that are not
     */
    public record Resumable(Prototyped prototype, int objects, int numbers) {}

    private static final Object NOT_RESUMABLE = new Object();

    /**
     * The code of a compiled function of at most one parameter, again, such that its calls can be left at waits; none
     * if it has no place for that or is too big. Made once, as {@link #prototype} is.
     */
    public static @Nullable Resumable resumable(FunctionBody body) {
        synchronized (body) {
            if (body.resumable == null) {
                Resumable made = body.vararg || body.parameters.size() > 1 ? null : makeResumable(body);
                body.resumable = made == null ? NOT_RESUMABLE : made;
            }
            return body.resumable instanceof Resumable r ? r : null;
        }
    }

    private static @Nullable Resumable makeResumable(FunctionBody body) {
        try {
            // Functions inside were compiled with the first form of this one.
            Compiler compiler = new Compiler(body, false, true, inner -> {
                throw new IllegalStateException("not compiled before: " + inner.line);
            });
            CompiledFunction prototype = compiler.compile();
            ResumePoints points = Objects.requireNonNull(compiler.points);
            return points.count() == 0 ? null : new Resumable(prototype, points.objects(), points.numbers());
        } catch (TooBig | IllegalArgumentException | StackOverflowError | LinkageError e) {
            // The first form serves as well, only slower.
            return null;
        }
    }

    /** The code with everything inline is not worth having. */
    private static final class TooBig extends RuntimeException {
        TooBig() {
            super(null, null, false, false);
        }
    }

    private CompiledFunction compile() {
        byte[] bytes = CLASS_FILE.build(THIS, this::emitClass);
        if (!compact && codeSize(bytes) > JIT_LIMIT) {
            throw new TooBig();
        }
        code.sites = sites.toArray(new Site[0]);
        try {
            Class<?> c = Execution.define(bytes, constants.data(code));
            return (CompiledFunction) c.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("generated class of " + body.source.displayName() + ":" + body.line, e);
        }
    }

    private static int codeSize(byte[] bytes) {
        ClassModel model = CLASS_FILE.parse(bytes);
        int size = 0;
        for (MethodModel m : model.methods()) {
            if (!m.methodName().equalsString("<clinit>")) {
                size = Math.max(
                        size,
                        m.findAttribute(java.lang.classfile.Attributes.code())
                                .map(CodeAttribute::codeLength)
                                .orElse(0));
            }
        }
        return size;
    }

    // ---- the class ----

    private void emitClass(ClassBuilder cb) {
        cb.withFlags(ACC_PUBLIC | ACC_FINAL | ACC_SUPER);
        cb.withSuperclass(superclass());
        int n = body.upvalues.size();
        for (int i = 0; i < n; i++) {
            cb.withField("u" + i, upvalueType(i), 0);
        }
        emitConstructors(cb, n);
        emitInstantiate(cb, n);
        emitUpvalueAccess(cb, n);
        if (resumable) {
            cb.withMethodBody("run", Types.RUN, ACC_PUBLIC | ACC_FINAL, this::emitBody);
        } else {
            emitEntries(cb);
        }
        cb.withMethodBody(
                "code",
                MethodTypeDesc.of(Types.CODE),
                ACC_PUBLIC,
                b -> b.getstatic(THIS, Constants.CODE, Types.CODE).areturn());
        constants.emit(cb);
    }

    private ClassDesc superclass() {
        return resumable ? Types.RESUMABLE : Types.COMPILED;
    }

    private ClassDesc upvalueType(int i) {
        return body.upvalues.get(i).variable().needsCell() ? Types.CELL : Types.OBJECT;
    }

    private void emitConstructors(ClassBuilder cb, int n) {
        cb.withMethodBody(
                ConstantDescs.INIT_NAME,
                ConstantDescs.MTD_void,
                ACC_PUBLIC,
                b -> b.aload(0)
                        .invokespecial(superclass(), ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                        .return_());
        if (n > 0 && n <= 3) {
            cb.withMethodBody("create", Types.objects(Types.FUNCTION, n), ACC_PUBLIC | ACC_FINAL, b -> {
                fresh(b);
                for (int i = 0; i < n; i++) {
                    b.dup().aload(1 + i);
                    putUpvalue(b, i);
                }
                b.areturn();
            });
        } else if (n == 0) {
            cb.withMethodBody("create", MethodTypeDesc.of(Types.FUNCTION), ACC_PUBLIC | ACC_FINAL, b -> {
                fresh(b);
                b.areturn();
            });
        }
    }

    private static void fresh(CodeBuilder b) {
        b.new_(THIS).dup().invokespecial(THIS, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
    }

    private void putUpvalue(CodeBuilder b, int i) {
        if (upvalueType(i) == Types.CELL) {
            b.checkcast(Types.CELL);
        }
        b.putfield(THIS, "u" + i, upvalueType(i));
    }

    private void emitInstantiate(ClassBuilder cb, int n) {
        cb.withMethodBody("instantiate", Types.method(Types.FUNCTION, Types.ARRAY), ACC_PUBLIC, b -> {
            fresh(b);
            for (int i = 0; i < n; i++) {
                b.dup().aload(1).loadConstant(i).aaload();
                putUpvalue(b, i);
            }
            b.areturn();
        });
    }

    private void emitUpvalueAccess(ClassBuilder cb, int n) {
        cb.withMethodBody("rawUpvalue", Types.method(Types.OBJECT, Types.INT), ACC_PUBLIC, b -> {
            for (int i = 0; i < n; i++) {
                var next = b.newLabel();
                b.iload(1).loadConstant(i).if_icmpne(next);
                b.aload(0).getfield(THIS, "u" + i, upvalueType(i)).areturn();
                b.labelBinding(next);
            }
            b.aconst_null().areturn();
        });
        cb.withMethodBody("setRawUpvalue", Types.method(Types.VOID, Types.INT, Types.OBJECT), ACC_PUBLIC, b -> {
            for (int i = 0; i < n; i++) {
                var next = b.newLabel();
                b.iload(1).loadConstant(i).if_icmpne(next);
                b.aload(0).aload(2);
                putUpvalue(b, i);
                b.return_().labelBinding(next);
            }
            b.return_();
        });
    }

    // ---- entries ----

    private boolean direct() {
        return !body.vararg && body.parameters.size() <= MAX_DIRECT;
    }

    private void emitEntries(ClassBuilder cb) {
        int p = body.parameters.size();
        for (int given = 0; given <= MAX_DIRECT; given++) {
            int g = given;
            if (direct() && given == p) {
                cb.withMethodBody("call", Types.call(p), ACC_PUBLIC | ACC_FINAL, this::emitBody);
            } else {
                cb.withMethodBody("call", Types.call(given), ACC_PUBLIC | ACC_FINAL, b -> emitAdapter(b, g));
            }
        }
        cb.withMethodBody("invoke", Types.INVOKE, ACC_PUBLIC | ACC_FINAL, b -> {
            if (body.vararg) {
                emitBody(b);
            } else if (direct()) {
                b.aload(0).aload(1);
                for (int i = 0; i < p; i++) {
                    argument(b, i);
                }
                b.invokevirtual(THIS, "call", Types.call(p)).areturn();
            } else {
                b.aload(0).aload(1);
                for (int i = 0; i < p; i++) {
                    argument(b, i);
                }
                b.invokevirtual(THIS, "body", Types.call(p)).areturn();
            }
        });
        if (!body.vararg && !direct()) {
            cb.withMethodBody("body", Types.call(p), ACC_PUBLIC | ACC_FINAL, this::emitBody);
        }
    }

    /** The argument at an index of the array, nil beyond its end. */
    private static void argument(CodeBuilder b, int index) {
        b.aload(2)
                .loadConstant(index)
                .invokestatic(Types.CALLS, "argument", Types.method(Types.OBJECT, Types.ARRAY, Types.INT));
    }

    /** A call of another number of arguments than the code takes. */
    private void emitAdapter(CodeBuilder b, int given) {
        int p = body.parameters.size();
        b.aload(0).aload(1);
        if (body.vararg) {
            b.loadConstant(given).anewarray(Types.OBJECT);
            for (int i = 0; i < given; i++) {
                b.dup().loadConstant(i).aload(2 + i).aastore();
            }
            b.invokevirtual(THIS, "invoke", Types.INVOKE);
        } else {
            for (int i = 0; i < p; i++) {
                if (i < given) {
                    b.aload(2 + i);
                } else {
                    b.aconst_null();
                }
            }
            b.invokevirtual(THIS, direct() ? "call" : "body", Types.call(p));
        }
        b.areturn();
    }

    private void emitBody(CodeBuilder b) {
        BodyEmitter e = new BodyEmitter(b, body, THIS, constants, compact, resumable, interpreter);
        e.emit();
        points = e.points;
        sites = e.sites();
    }
}
