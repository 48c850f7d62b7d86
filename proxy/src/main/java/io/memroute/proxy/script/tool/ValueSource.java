package io.memroute.proxy.script.tool;

/** An object that may have a value, which can be copied to where it is needed. */
public interface ValueSource {

    /** Bytes of the value with its line end; -1 if there is none. */
    int valueBytes();

    /** Copies the value with its line end, of which there is one. */
    void copyValue(byte[] target, int at);
}
