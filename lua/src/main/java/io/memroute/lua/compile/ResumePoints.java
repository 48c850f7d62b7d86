package io.memroute.lua.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * The places at which the code of a resumable function is left, with its variables kept in the activation, and entered
 * again: after calls that are statements of their own, where the JVM's operand stack is empty. A switch at the
 * beginning leads to code that loads the variables of a place and jumps there.
 */
final class ResumePoints {
    /** The local with the activation. */
    static final int ACTIVATION = 2;

    /** A local that is needed after a wait, and its type. */
    private record Kept(int local, ClassDesc type) {}

    /** A place: where its variables are loaded, where it goes on then, and which they are. */
    private record Point(Label load, Label goOn, List<Kept> kept) {}

    private final BodyEmitter e;
    private final CodeBuilder b;
    private final List<Kept> kept = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final Label dispatch;
    private final Label start;
    private int objects = 1;
    private int numbers;

    ResumePoints(BodyEmitter emitter) {
        e = emitter;
        b = emitter.b;
        dispatch = b.newLabel();
        start = b.newLabel();
    }

    static ClassDesc type(Kind kind) {
        return switch (kind) {
            case OBJECT -> Types.OBJECT;
            case LONG -> Types.LONG;
            case DOUBLE -> Types.DOUBLE;
        };
    }

    int count() {
        return points.size();
    }

    /** Variables that are objects at any place, at most. */
    int objects() {
        return objects;
    }

    int numbers() {
        return numbers;
    }

    /** Notes that what is in a local is needed until the local is released. */
    void keep(int local, ClassDesc type) {
        kept.add(new Kept(local, type));
    }

    void release(int mark) {
        kept.removeIf(k -> k.local >= mark);
    }

    /** Emits the way to the place at which the call goes on; what follows is the beginning of the function. */
    void begin() {
        b.aload(ACTIVATION).getfield(Types.ACTIVATION, "place", Types.INT).ifne(dispatch);
        b.labelBinding(start);
    }

    /**
     * With the result of a call alone on the operand stack: leaves the function if that is a pending wait. What comes
     * instead of it later are the results of the wait.
     *
     * @param closings locals with what is to be closed; while there is anything, the wait is not left to the host
     */
    void leaveAtWait(List<Integer> closings) {
        Label goOn = b.newLabel();
        b.dup()
                .invokestatic(Types.CALLS, "isWait", Types.method(Types.BOOLEAN, Types.OBJECT))
                .ifeq(goOn);
        for (int closing : closings) {
            b.aload(closing).ifnonnull(goOn);
        }
        Point point = new Point(b.newLabel(), goOn, List.copyOf(kept));
        points.add(point);
        int object = 0;
        int number = 0;
        for (Kept k : point.kept) {
            if (k.type.isPrimitive()) {
                b.aload(ACTIVATION)
                        .getfield(Types.ACTIVATION, "numbers", Types.LONGS)
                        .loadConstant(number++);
                loadBits(k);
                b.lastore();
            } else if (k.type != Types.TO_BE_CLOSED) {
                b.aload(ACTIVATION)
                        .getfield(Types.ACTIVATION, "objects", Types.ARRAY)
                        .loadConstant(object++)
                        .aload(k.local)
                        .aastore();
            }
        }
        objects = Math.max(objects, object);
        numbers = Math.max(numbers, number);
        b.aload(ACTIVATION).loadConstant(points.size()).putfield(Types.ACTIVATION, "place", Types.INT);
        e.leave();
        b.areturn();
        b.labelBinding(goOn);
    }

    private void loadBits(Kept k) {
        if (k.type == Types.LONG) {
            b.lload(k.local);
        } else if (k.type == Types.INT) {
            b.iload(k.local).i2l();
        } else {
            b.dload(k.local)
                    .invokestatic(Types.DOUBLE_BOX, "doubleToRawLongBits", Types.method(Types.LONG, Types.DOUBLE));
        }
    }

    /** Emits the way back to each place, after the end of the function's code. */
    void end() {
        b.labelBinding(dispatch);
        if (points.isEmpty()) {
            b.goto_(start);
            return;
        }
        b.aload(ACTIVATION).getfield(Types.ACTIVATION, "place", Types.INT);
        b.aload(ACTIVATION).iconst_0().putfield(Types.ACTIVATION, "place", Types.INT);
        List<SwitchCase> cases = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            cases.add(SwitchCase.of(i + 1, points.get(i).load));
        }
        b.tableswitch(1, points.size(), start, cases);
        points.forEach(this::load);
    }

    private void load(Point point) {
        b.labelBinding(point.load);
        int object = 0;
        int number = 0;
        for (Kept k : point.kept) {
            if (k.type.isPrimitive()) {
                b.aload(ACTIVATION)
                        .getfield(Types.ACTIVATION, "numbers", Types.LONGS)
                        .loadConstant(number++)
                        .laload();
                storeBits(k);
            } else if (k.type == Types.TO_BE_CLOSED) {
                b.aconst_null().astore(k.local);
            } else {
                b.aload(ACTIVATION)
                        .getfield(Types.ACTIVATION, "objects", Types.ARRAY)
                        .loadConstant(object++)
                        .aaload();
                if (k.type != Types.OBJECT) {
                    b.checkcast(k.type);
                }
                b.astore(k.local);
            }
        }
        b.aload(ACTIVATION).getfield(Types.ACTIVATION, "value", Types.OBJECT).goto_(point.goOn);
    }

    private void storeBits(Kept k) {
        if (k.type == Types.LONG) {
            b.lstore(k.local);
        } else if (k.type == Types.INT) {
            b.l2i().istore(k.local);
        } else {
            b.invokestatic(Types.DOUBLE_BOX, "longBitsToDouble", Types.method(Types.DOUBLE, Types.LONG))
                    .dstore(k.local);
        }
    }
}
