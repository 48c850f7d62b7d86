package io.memroute.lua.compile;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_STATIC;

import io.memroute.lua.LuaString;
import io.memroute.lua.code.CompiledFunction;
import io.memroute.lua.code.Prototyped;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects a generated class refers to, as static final fields filled from its class data: constants for the JIT.
 */
final class Constants {
    /** The field that {@link io.memroute.lua.CallStack} reads. */
    static final String CODE = "CODE";

    private record Field(String name, ClassDesc type, Object value) {}

    private record Key(Class<?> type, Object value) {}

    private final ClassDesc owner;
    private final List<Field> fields = new ArrayList<>();
    private final Map<Key, Field> known = new HashMap<>();

    Constants(ClassDesc owner) {
        this.owner = owner;
    }

    /** Pushes a string or boxed number. Floats are told apart by their bits. */
    void push(CodeBuilder b, Object value) {
        Object identity = value instanceof Double d ? (Object) Double.doubleToRawLongBits(d) : value;
        Field f = known.computeIfAbsent(new Key(value.getClass(), identity), k -> add("K", type(value), value));
        b.getstatic(owner, f.name, f.type);
    }

    void pushPrototype(CodeBuilder b, Prototyped prototype) {
        Field f = add("P", Types.PROTOTYPED, prototype);
        b.getstatic(owner, f.name, f.type);
    }

    private Field add(String prefix, ClassDesc type, Object value) {
        Field f = new Field(prefix + fields.size(), type, value);
        fields.add(f);
        return f;
    }

    private static ClassDesc type(Object value) {
        return value instanceof LuaString ? Types.STRING : value instanceof Long ? Types.LONG_BOX : Types.DOUBLE_BOX;
    }

    /** Declares the fields and the initializer. */
    void emit(ClassBuilder cb) {
        cb.withField(CODE, Types.CODE, ACC_STATIC | ACC_FINAL);
        for (Field f : fields) {
            cb.withField(f.name, f.type, ACC_STATIC | ACC_FINAL);
        }
        ClassDesc handles = ClassDesc.ofDescriptor(MethodHandles.class.descriptorString());
        ClassDesc lookup = ConstantDescs.CD_MethodHandles_Lookup;
        cb.withMethodBody(ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ACC_STATIC, b -> {
            b.invokestatic(handles, "lookup", MethodTypeDesc.of(lookup));
            b.loadConstant(ConstantDescs.DEFAULT_NAME).loadConstant(Types.ARRAY);
            b.invokestatic(
                    handles,
                    "classData",
                    MethodTypeDesc.of(Types.OBJECT, lookup, ConstantDescs.CD_String, ConstantDescs.CD_Class));
            b.checkcast(Types.ARRAY).astore(0);
            b.aload(0).loadConstant(0).aaload().checkcast(Types.CODE).putstatic(owner, CODE, Types.CODE);
            for (int i = 0; i < fields.size(); i++) {
                Field f = fields.get(i);
                b.aload(0).loadConstant(i + 1).aaload().checkcast(f.type).putstatic(owner, f.name, f.type);
            }
            b.return_();
        });
    }

    Object[] data(CompiledFunction.Code code) {
        Object[] data = new Object[fields.size() + 1];
        data[0] = code;
        for (int i = 0; i < fields.size(); i++) {
            data[i + 1] = fields.get(i).value;
        }
        return data;
    }
}
