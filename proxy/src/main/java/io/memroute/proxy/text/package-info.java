/**
 * Texts for people of what comes from outside: names, keys and bytes of clients, servers and files, and the errors of
 * the operating system. Everything that is printed, logged or drawn goes through here. JSON from outside becomes plain
 * values here. Knows nothing of proxies.
 */
@NullMarked
package io.memroute.proxy.text;

import org.jspecify.annotations.NullMarked;
