package io.memroute.proxy.backend;

import io.memroute.proxy.call.Call;

/** Sends gets again that failed because they shared a command line. Used on the worker's thread. */
interface UnsharedGets {

    /** Notes that a shared get has failed: none must be shared for a while, and a mark must be sent. */
    void sharedGetFailed();

    /** Sends the call's request again, on a line of its own. */
    void sendApart(Call call);
}
