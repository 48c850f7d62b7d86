package io.memroute.proxy.config.source;

/** An object that a function of the library has returned to a configuration, which may put it into other tables. */
public interface Term {

    /** The call that made it, as error messages show it. */
    String shown();
}
