package io.memroute.lua;

/**
 * The metamethods of one metatable that the hottest operations ask for, looked up once. {@link LuaTable} drops it when
 * the table changes.
 */
final class MetaEvents {
    final Object index;
    final Object newindex;
    final Object call;
    final Object eq;
    final Object len;

    MetaEvents(LuaTable meta) {
        index = meta.get(Metatables.INDEX);
        newindex = meta.get(Metatables.NEWINDEX);
        call = meta.get(Metatables.CALL);
        eq = meta.get(Metatables.EQ);
        len = meta.get(Metatables.LEN);
    }
}
