package io.memroute.lua;

/** {@code object[key]}, {@code object[key] = value} and {@code #object} with their metamethods. */
public final class Indexing {
    /** Metatables followed before a loop is assumed, as in C Lua (MAXTAGLOOP). */
    private static final int MAX_CHAIN = 2000;

    private Indexing() {}

    public static Object index(LuaState L, Object object, LuaString key) {
        if (object instanceof LuaTable t) {
            Object v = t.get(key);
            if (v != null) {
                return v;
            }
            LuaTable meta = t.metatable;
            if (meta == null) {
                return null;
            }
            Object handler = meta.events().index;
            if (handler instanceof LuaTable next) {
                v = next.get(key);
                if (v != null || next.metatable == null) {
                    return v;
                }
            } else if (handler == null) {
                return null;
            }
        } else if (object instanceof LuaUserdata u) {
            LuaTable meta = u.metatable();
            if (meta != null && meta.events().index instanceof LuaTable methods) {
                Object v = methods.get(key);
                if (v != null) {
                    return v;
                }
            }
        }
        return indexSlow(L, object, key);
    }

    public static Object index(LuaState L, Object object, Object key) {
        if (object instanceof LuaTable t) {
            Object v = t.get(key);
            if (v != null || t.metatable == null) {
                return v;
            }
        }
        return indexSlow(L, object, key);
    }

    public static Object index(LuaState L, Object object, long key) {
        if (object instanceof LuaTable t) {
            Object v = t.get(key);
            if (v != null || t.metatable == null) {
                return v;
            }
        }
        return indexSlow(L, object, key);
    }

    private static Object indexSlow(LuaState L, Object object, Object key) {
        Object o = object;
        for (int i = 0; i < MAX_CHAIN; i++) {
            Object handler;
            if (o instanceof LuaTable t) {
                Object v = t.get(key);
                if (v != null || t.metatable == null) {
                    return v;
                }
                handler = t.metatable.events().index;
                if (handler == null) {
                    return null;
                }
            } else {
                LuaTable meta = Metatables.of(L, o);
                handler = meta == null ? null : meta.events().index;
                if (handler == null) {
                    throw CallStack.indexError(L, o, key, i == 0);
                }
            }
            if (handler instanceof LuaFunction f) {
                return Calls.first(L, f.call(L, o, key));
            }
            o = handler;
        }
        throw CallStack.operatorError(L, "'__index' chain too long; possible loop");
    }

    public static void setIndex(LuaState L, Object object, LuaString key, Object value) {
        if (object instanceof LuaTable t && (t.metatable == null || t.metatable.events().newindex == null)) {
            t.put(key, value);
        } else {
            setIndexSlow(L, object, key, value);
        }
    }

    public static void setIndex(LuaState L, Object object, long key, Object value) {
        if (object instanceof LuaTable t && (t.metatable == null || t.metatable.events().newindex == null)) {
            t.put(key, value);
        } else {
            setIndexSlow(L, object, key, value);
        }
    }

    public static void setIndex(LuaState L, Object object, Object key, Object value) {
        if (object instanceof LuaTable t
                && key != null
                && !(key instanceof Double)
                && (t.metatable == null || t.metatable.events().newindex == null)) {
            t.put(key, value);
        } else {
            setIndexSlow(L, object, key, value);
        }
    }

    private static void setIndexSlow(LuaState L, Object object, Object key, Object value) {
        Object o = object;
        for (int i = 0; i < MAX_CHAIN; i++) {
            Object handler;
            if (o instanceof LuaTable t) {
                handler = t.metatable == null ? null : t.metatable.events().newindex;
                if (handler == null || t.get(key) != null) {
                    if (key == null) {
                        throw CallStack.operatorError(L, "index is nil");
                    }
                    if (key instanceof Double d && d.isNaN()) {
                        throw CallStack.operatorError(L, "index is NaN");
                    }
                    t.put(key, value);
                    return;
                }
            } else {
                LuaTable meta = Metatables.of(L, o);
                handler = meta == null ? null : meta.events().newindex;
                if (handler == null) {
                    throw CallStack.indexError(L, o, key, i == 0);
                }
            }
            if (handler instanceof LuaFunction f) {
                Calls.resolve(L, f.call(L, o, key, value));
                return;
            }
            o = handler;
        }
        throw CallStack.operatorError(L, "'__newindex' chain too long; possible loop");
    }

    public static Object length(LuaState L, Object object) {
        if (object instanceof LuaTable t) {
            LuaTable meta = t.metatable;
            Object handler = meta == null ? null : meta.events().len;
            return handler == null ? (Object) t.length() : Calls.first(L, Calls.call(L, handler, t, t));
        }
        if (object instanceof LuaString s) {
            return (long) s.length();
        }
        Object handler = Metatables.metamethod(L, object, Metatables.LEN);
        if (handler == null) {
            throw CallStack.operandError(L, object, 0, "get length of");
        }
        return Calls.first(L, Calls.call(L, handler, object, object));
    }
}
