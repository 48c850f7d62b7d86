package io.memroute.lua.compile;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.memroute.lua.Args;
import io.memroute.lua.Budget;
import io.memroute.lua.Calls;
import io.memroute.lua.Comparison;
import io.memroute.lua.Concatenation;
import io.memroute.lua.Indexing;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.ToBeClosed;
import io.memroute.lua.code.Activation;
import io.memroute.lua.code.Cell;
import io.memroute.lua.code.CompiledFunction;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.code.ResumableFunction;
import io.memroute.lua.runtime.Arithmetic;
import io.memroute.lua.runtime.ForLoop;
import io.memroute.lua.runtime.TableWalk;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** The Java types that generated code refers to. */
final class Types {
    static final ClassDesc OBJECT = ConstantDescs.CD_Object;
    static final ClassDesc ARRAY = OBJECT.arrayType();
    static final ClassDesc LONG_BOX = ConstantDescs.CD_Long;
    static final ClassDesc DOUBLE_BOX = ConstantDescs.CD_Double;
    static final ClassDesc BOOLEAN_BOX = ConstantDescs.CD_Boolean;
    static final ClassDesc THROWABLE = ConstantDescs.CD_Throwable;
    static final ClassDesc STATE = of(LuaState.class);
    static final ClassDesc STRING = of(LuaString.class);
    static final ClassDesc TABLE = of(LuaTable.class);
    static final ClassDesc FUNCTION = of(LuaFunction.class);
    static final ClassDesc PROTOTYPED = of(Prototyped.class);
    static final ClassDesc COMPILED = of(CompiledFunction.class);
    static final ClassDesc RESUMABLE = of(ResumableFunction.class);
    static final ClassDesc ACTIVATION = of(Activation.class);
    static final ClassDesc CODE = of(CompiledFunction.Code.class);
    static final ClassDesc CELL = of(Cell.class);
    static final ClassDesc CALLS = of(Calls.class);
    static final ClassDesc RESULTS = of(Results.class);
    static final ClassDesc INDEXING = of(Indexing.class);
    static final ClassDesc ARITHMETIC = of(Arithmetic.class);
    static final ClassDesc COMPARISON = of(Comparison.class);
    static final ClassDesc CONCATENATION = of(Concatenation.class);
    static final ClassDesc FOR_LOOP = of(ForLoop.class);
    static final ClassDesc TABLE_WALK = of(TableWalk.class);
    static final ClassDesc TO_BE_CLOSED = of(ToBeClosed.class);
    static final ClassDesc ARGS = of(Args.class);
    static final ClassDesc BUDGET = of(Budget.class);
    static final ClassDesc RUNTIME_EXCEPTION = of(RuntimeException.class);
    static final ClassDesc LUA_ERROR = of(io.memroute.lua.LuaError.class);
    static final ClassDesc INT = CD_int;
    static final ClassDesc LONGS = CD_long.arrayType();
    static final ClassDesc LONG = CD_long;
    static final ClassDesc DOUBLE = CD_double;
    static final ClassDesc BOOLEAN = CD_boolean;
    static final ClassDesc VOID = CD_void;

    private Types() {}

    private static ClassDesc of(Class<?> c) {
        return ClassDesc.ofDescriptor(c.descriptorString());
    }

    static MethodTypeDesc method(ClassDesc result, ClassDesc... parameters) {
        return MethodTypeDesc.of(result, parameters);
    }

    /** {@code (LuaState, Object * arguments) -> Object}. */
    static MethodTypeDesc call(int arguments) {
        ClassDesc[] p = new ClassDesc[arguments + 1];
        p[0] = STATE;
        for (int i = 1; i <= arguments; i++) {
            p[i] = OBJECT;
        }
        return MethodTypeDesc.of(OBJECT, p);
    }

    /** {@code (Object * arguments) -> result}. */
    static MethodTypeDesc objects(ClassDesc result, int arguments) {
        ClassDesc[] p = new ClassDesc[arguments];
        java.util.Arrays.fill(p, OBJECT);
        return MethodTypeDesc.of(result, p);
    }

    /** The code of a resumable function. */
    static final MethodTypeDesc RUN = method(OBJECT, STATE, ACTIVATION);

    static final MethodTypeDesc INVOKE = method(OBJECT, STATE, ARRAY);
}
